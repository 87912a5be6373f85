"""Splits a supervisor's plain text into paragraphs and lists for a page.

An empty line begins a paragraph; a line that begins with a dash is an item of a list
(counter.models.OfficeText). The template makes links of web and mail addresses, and
escapes the rest. There is no other markup.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ITEM: Final = re.compile(r"\s*[-\u2013\u2014\u2022*]\s*(?=\S)")


def as_cell(text: str) -> str:
    """The text for a cell of a CSV file, in which a spreadsheet runs no formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@dataclass(frozen=True)
class Block:
    """A paragraph with its lines; or, if `is_list`, a list with its items."""

    lines: tuple[str, ...]
    is_list: bool


def blocks(text: str) -> list[Block]:
    """The paragraphs and lists of a text, in order; none for an empty text."""
    kept = "".join(character for character in text if _is_text(character))
    parts: list[Block] = []
    for is_blank, lines in itertools.groupby(kept.splitlines(), _is_blank):
        if not is_blank:
            parts.extend(_split(lines))
    return parts


def _split(lines: Iterator[str]) -> Iterator[Block]:
    for is_list, part in itertools.groupby(lines, lambda line: bool(_ITEM.match(line))):
        kept = tuple(_without_dash(line) if is_list else line.strip() for line in part)
        yield Block(kept, is_list)


def _without_dash(line: str) -> str:
    return _ITEM.sub("", line, count=1).strip()


def _is_blank(line: str) -> bool:
    return not line.strip()


def _is_text(character: str) -> bool:
    """Whether the character is no control character and no direction mark.

    These can only make a text look like another one.
    """
    return character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf")
