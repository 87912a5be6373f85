"""The commands that the documents tell somebody to type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCED = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
ASSIGNMENT = re.compile(r"[A-Z_]+=")
TYPED = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:(?:make|docker|git|python|manage\.py) \S.*|\.ci/\S.*)"
)
VARIABLE = re.compile(r"`([A-Z_]+)`")


def commands() -> Iterator[tuple[str, str]]:
    """Each command once, after the file name of the page that has it."""
    seen = set()
    for page in PAGES:
        if not page.is_file():
            continue
        text = page.read_text()
        blocks = FENCED.findall(text)
        lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
        inline = [
            " ".join(code.split())
            for code in INLINE.findall(FENCED.sub("", text))
            if TYPED.fullmatch(" ".join(code.split()))
        ]
        for command in filter(None, map(str.strip, [*lines, *inline])):
            if command not in seen and not command.startswith("#"):
                seen.add(command)
                yield page.name, command


def parts(command: str) -> Iterator[list[str]]:
    """Each command of a line as words, without comments and files after `<` or `>`."""
    part: list[str] = []
    words = iter(shlex.split(command, comments=True))
    for word in words:
        if word in {"|", "&&"}:
            yield part
            part = []
        elif word in {"<", ">"}:
            next(words)
        else:
            part.append(word)
    yield part


def without_variables(words: list[str]) -> list[str]:
    while words and ASSIGNMENT.match(words[0]):
        name = words.pop(0).partition("=")[0]
        assert name in known_variables(), f"{name} is no variable of this product"
    return words


def known_variables() -> set[str]:
    output = "".join(
        (ROOT / "docs" / page).read_text() for page in ("settings.md", "servers.md")
    )
    return {
        *VARIABLE.findall(output),
        *VARIABLE.findall((ROOT / "README.md").read_text()),
    }
