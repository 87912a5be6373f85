"""The figures in the table of rooms of docs/architecture.md are nearly right.

Each figure of "now" may be a tenth off (or two, if that is more), so that not every
commit has to change it.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.own_files import ROOT, files

ROW = re.compile(r"^\| `(\w+)/`.* before \|.*\n\| now \|(.+)\|$", re.MULTILINE)
WITH = {"config": ("config", "localrun")}
HEAD = ("modules", "lines", "folders", "fullest folder", "longest module")


def counted(*tops: str) -> tuple[int, ...]:
    """The figures of these folders as in the columns of HEAD, without migrations."""
    endings = (".html", ".txt", ".css") if tops == ("templates",) else (".py",)
    where = [
        path for path in files(*endings) if path.relative_to(ROOT).parts[0] in tops
    ]
    seen = [path for path in where if "migrations" not in path.parts]
    lines = [len(path.read_text().splitlines()) for path in seen]
    folders: Counter[Path] = Counter(path.parent for path in seen)
    return len(seen), sum(lines), len(folders), max(folders.values()), max(lines)


def documented() -> dict[str, list[int]]:
    page = (ROOT / "docs" / "architecture.md").read_text()
    return {
        top: [int(cell.replace(",", "")) for cell in cells.split("|")]
        for top, cells in ROW.findall(page)
    }


def test_the_table_has_every_part_of_the_product() -> None:
    assert documented().keys() == {
        *("counter", "payments", "activation", "notifications"),
        *("config", "tests", "templates"),
    }


@pytest.mark.parametrize("top", documented())
def test_the_table_is_not_far_from_what_there_is(top: str) -> None:
    now = counted(*WITH.get(top, (top,)))
    off = {
        name: (written, is_now)
        for name, written, is_now in zip(HEAD, documented()[top], now, strict=True)
        if abs(written - is_now) > max(is_now / 10, 2)
    }
    assert off == {}, f"as it is now: {now}"
