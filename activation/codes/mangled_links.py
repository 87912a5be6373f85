"""Finding the page that a mangled address from a mail was meant for
(counter.email.mailed_links).

Redirecting a visitor to that page gives no access: the page itself checks the token or
the session.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.urls import is_valid_path
from django.utils import translation
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_path

from counter.email import mailed_links

_AROUND: Final = re.compile(r"^[^A-Za-z0-9_-]+|[^A-Za-z0-9_-]+$")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?")
_MAILED: Final = frozenset({"a", "keys"})
# The staff's pages have no language in their address.
_STAFF: Final = "counter"


def says_not_mine(behind: str) -> bool:
    """Whether the text behind a token marks the mail's second link ("not mine")."""
    letters = "".join(sign for sign in behind.lower() if sign.isalpha())
    return letters.startswith("notmine")


def mended(path: str, *, language: str) -> str | None:
    """The path of the page that `path` was meant for; None when there is no such page.

    `language` is the reader's language. It is used for a path without a language, or
    with one that this site does not have.
    """
    if len(path) > mailed_links.LONGEST:
        return None
    for candidate in _candidates(_tidied(path), language):
        if candidate not in ("/", path) and _is_there(candidate, language):
            return escape_leading_slashes(candidate)
    return None


def _is_there(path: str, language: str) -> bool:
    """Whether the path leads to a page.

    This activates the language at the beginning of the path, because Django resolves
    only the paths of the active language.
    """
    with translation.override(get_language_from_path(path) or language):
        return bool(is_valid_path(path))


def _tidied(path: str) -> str:
    """The path without spaces, invisible characters, empty parts, and punctuation
    around a part.
    """
    seen = "".join(
        sign
        for sign in mailed_links.plain(path)
        if unicodedata.category(sign)[0] not in "CZ"
    )
    parts = [_AROUND.sub("", part) for part in seen.split("/")]
    return "/" + "/".join(part for part in parts if part)


def _candidates(path: str, language: str) -> Iterator[str]:
    """The path itself, then the path with one of our languages added or replaced."""
    first, _, rest = path.removeprefix("/").partition("/")
    below = [path]
    page, _, after = rest.partition("/")
    if page.lower() == _STAFF and _LANGUAGE.fullmatch(first):
        first, (page, _, after) = page, after.partition("/")
    if first.lower() in dict(settings.LANGUAGES):
        below.append(f"/{first.lower()}/{page.lower()}/{after}")
    elif first.lower() == _STAFF:
        below.append(f"/{_STAFF}/{page.lower()}/{after}")
    elif _LANGUAGE.fullmatch(first) and page.lower() in _MAILED:
        below.append(f"/{language}/{page.lower()}/{after}")
    elif first.lower() in _MAILED:
        below.append(f"/{language}/{first.lower()}/{rest}")
    for candidate in below:
        yield f"{candidate.rstrip('/')}/"  # as every address is that a mail prints
