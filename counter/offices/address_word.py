"""The word that stands for an office in the addresses of its pages: `/nl/<word>/`.

Printed on posters and passed on, so it is short, in plain letters, and stays the same
when the office's name changes.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

LONGEST: Final = 50
#: What a word looks like: letters a to z and digits, in parts joined by one hyphen.
PATTERN: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
#: First parts of other addresses, and the languages: below these lies something else.
RESERVED: Final = frozenset(
    {
        *("a", "accessibility", "contact", "keys", "privacy", "report"),
        *("admin", "bounces", "counter", "demo", "payments", "static"),
        *("healthz", "metrics", "readyz"),
        *(code for code, _name in settings.LANGUAGES),
    }
)
#: For a name without a letter that an address can hold.
_WITHOUT_LETTERS: Final = "loket"


def refuse_reserved(word: str) -> None:
    """Raise ValidationError for a word that leads to another page."""
    if word in RESERVED:
        raise ValidationError(
            _("“%(word)s” is the address of another page. Choose another word."),
            code="reserved",
            params={"word": word},
        )


def made_from(name: str, *, is_taken: Callable[[str], bool]) -> str:
    """A free word for an office of this name: its letters, with a number if need be."""
    word = slugify(name)[: LONGEST - 4].strip("-_").replace("_", "-")
    word = "-".join(part for part in word.split("-") if part) or _WITHOUT_LETTERS
    free, number = word, 1
    while free in RESERVED or is_taken(free):
        number += 1
        free = f"{word}-{number}"
    return free
