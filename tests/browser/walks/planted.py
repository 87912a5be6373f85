"""What is typed in one visit, and in which spellings it would be found again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_BETWEEN = r"(?:[\s._/+-]|%20)*"


def spelled(signs: str) -> re.Pattern[str]:
    """These letters and digits, whatever stands between them, in either case."""
    return re.compile(_BETWEEN.join(map(re.escape, signs)), re.IGNORECASE)


def whole(text: str) -> re.Pattern[str]:
    """The text as it is; an address may write an @ as %40."""
    return re.compile(re.escape(text).replace("@", "(?:@|%40)"), re.IGNORECASE)


def digits(text: str) -> re.Pattern[str]:
    """Six digits by themselves: a clock's microseconds and an id are not meant."""
    return re.compile(rf"(?<![\w.]){text}(?!\w)")


@dataclass
class Planted:
    """Named patterns. No value is in a failure's text, only its name and place."""

    patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def found_in(self, lines: Iterable[str]) -> set[str]:
        text = "\n".join(lines)
        return {name for name, pattern in self.patterns.items() if pattern.search(text)}
