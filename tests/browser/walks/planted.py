"""The values that are typed in one visit, as patterns that find their spellings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_BETWEEN = r"(?:[\s._/+-]|%20)*"


def spelled(signs: str) -> re.Pattern[str]:
    """A pattern for these letters and digits, also with separators, in either case."""
    return re.compile(_BETWEEN.join(map(re.escape, signs)), re.IGNORECASE)


def whole(text: str) -> re.Pattern[str]:
    """A pattern for the text as it is; an @ may be written as %40."""
    return re.compile(re.escape(text).replace("@", "(?:@|%40)"), re.IGNORECASE)


def digits(text: str) -> re.Pattern[str]:
    """A pattern for six digits alone, and not for part of a time or of an id."""
    return re.compile(rf"(?<![\w.]){text}(?!\w)")


@dataclass
class Planted:
    """Named patterns. A failing test prints the names only, and never the values."""

    patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def found_in(self, lines: Iterable[str]) -> set[str]:
        text = "\n".join(lines)
        return {name for name, pattern in self.patterns.items() if pattern.search(text)}
