"""Caches parts of a page that are the same for everybody, in the memory of a process.

Such a part depends only on its template, the language and the given values. It gets
neither the request nor what was typed, so no data of one person can be shown to
another. The values must have few variants, such as a flag, one of three choices, or
what the pages say about an office. They are the key of the cache, so a part is drawn
again as soon as one of them is another, in every process.

A value in a `Blank` is not cached: the part is cached with a gap in its place, which is
filled in for each page. So a part may hold a token, a nonce or an address.
"""

import re
import secrets
from collections.abc import Hashable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db.models import Model
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_KEPT: Final = 2048


class Blank:
    """A value that differs from page to page, and is filled in for each.

    The template may only show it: a condition or a filter would see the mark that
    stands for it while the part is drawn. It is escaped, unless it is safe.
    """

    def __init__(self, value: object) -> None:
        self.value = value

    def filled_in(self) -> str:
        # A nonce is a lazy object, which only becomes a text when it is asked for.
        text = str(self.value)
        return text if isinstance(self.value, SafeString) else escape(text)


def kept(template: str, **values: Hashable) -> SafeString:
    """Render the template with these values; cached, except with DEBUG.

    Raises TypeError for a row of the database among the values: it equals the row as
    it was before a change, so the old text would be shown. Raises ValueError when the
    template does not show a Blank.
    """
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    blanks = {key: each for key, each in values.items() if isinstance(each, Blank)}
    handed = tuple((key, each) for key, each in values.items() if key not in blanks)
    language = get_language() or ""
    drawn = draw(language, template, handed, _kinds(handed), tuple(blanks))
    if not blanks:
        return drawn[0]
    # Every second part is the name of a blank.
    return SafeString(
        "".join(
            blanks[part].filled_in() if place % 2 else part
            for place, part in enumerate(drawn)
        )
    )


def _kinds(value: Hashable) -> Hashable:
    """The types of the values, for the cache's key: 1 equals True otherwise."""
    if isinstance(value, Model):
        raise TypeError(f"{value!r} equals itself before a change")
    return tuple(map(_kinds, value)) if isinstance(value, tuple) else type(value)


@lru_cache(_KEPT)
def _draw(
    _language: str,
    template: str,
    values: tuple[tuple[str, Hashable], ...],
    _their_kinds: Hashable,
    blanks: tuple[str, ...],
) -> tuple[SafeString, ...]:
    """The rendered text; with blanks in pieces, with the name of a blank in between."""
    # Random, so that no value contains one. Letters and digits, so that neither
    # escaping nor the encoding of an address changes them.
    marks = {f"blank{secrets.token_hex(16)}": name for name in blanks}
    shown = {name: SafeString(mark) for mark, name in marks.items()}
    text = get_template(template).render({**dict(values), **shown})
    if not blanks:
        return (SafeString(text),)
    parts = [
        SafeString(marks.get(part, part))
        for part in re.split(f"({'|'.join(marks)})", text)
    ]
    if missing := set(blanks) - set(parts[1::2]):
        raise ValueError(f"{template} does not show {sorted(missing)}")
    return tuple(parts)
