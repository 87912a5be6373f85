"""The slug of an office in the URLs of its pages: `/nl/<word>/`.

URLs are printed on posters and passed on. So the word is short, has plain letters, and
stays the same when the office's name changes.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

LONGEST: Final = 50
#: The pattern of a word: letters a to z and digits, in parts joined by single hyphens.
PATTERN: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
#: Words that no office may have: the first parts of other URLs, and the languages.
RESERVED: Final = frozenset(
    {
        *("a", "accessibility", "contact", "keys", "privacy", "report"),
        *("admin", "bounces", "counter", "demo", "payments", "static"),
        *("healthz", "metrics", "readyz"),
        *(code for code, _name in settings.LANGUAGES),
    }
)
#: The word for an office whose name has no letter from a to z.
_WITHOUT_LETTERS: Final = "loket"


def refuse_reserved(word: str) -> None:
    """Raise ValidationError for a word that is the URL of another page."""
    if word in RESERVED:
        raise ValidationError(
            _("“%(word)s” is the address of another page. Choose another word."),
            code="reserved",
            params={"word": word},
        )


def made_from(name: str, *, is_taken: Callable[[str], bool]) -> str:
    """A free word from the letters of the office's name, with a number if needed."""
    word = slugify(name)[: LONGEST - 4].strip("-_").replace("_", "-")
    word = "-".join(part for part in word.split("-") if part) or _WITHOUT_LETTERS
    free, number = word, 1
    while free in RESERVED or is_taken(free):
        number += 1
        free = f"{word}-{number}"
    return free
