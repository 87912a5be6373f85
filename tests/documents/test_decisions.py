"""docs/decisions/README.md lists every decision with its title."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "decisions"
LINE = re.compile(r"^- \[(\d{3})\]\(([\w-]+\.md)\) (.+)$", re.MULTILINE)


def test_every_decision_is_listed_once_with_its_title() -> None:
    listed = [(name, title) for _, name, title in LINE.findall(read("README.md"))]
    there = [
        (path.name, read(path.name).splitlines()[0].removeprefix("# "))
        for path in FOLDER.glob("[0-9]*.md")
    ]
    assert sorted(listed) == sorted(there)


def test_a_number_is_given_once() -> None:
    numbers = [path.name[:3] for path in FOLDER.glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers))


def read(name: str) -> str:
    return (FOLDER / name).read_text()
