"""Pieces of a page that are the same for everybody: drawn once a process, and kept.

Such a piece shows its template, the language, and the values that are handed over.
Nothing else of a page reaches it, neither the person who asks nor what was typed, so
nothing of one person can come to another. Values are few by nature: whether somebody
may do a thing, which of three choices is chosen.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_KEPT: Final = 512


def kept(template: str, **values: Hashable) -> SafeString:
    """The template with these values; while templates are being written, drawn anew."""
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    handed = tuple(values.items())
    return draw(get_language() or "", template, handed, _kinds(handed))


def _kinds(value: Hashable) -> Hashable:
    """What equality does not tell apart: markup and the same words, 1 and True."""
    return tuple(map(_kinds, value)) if isinstance(value, tuple) else type(value)


@lru_cache(_KEPT)
def _draw(
    _language: str,
    template: str,
    values: tuple[tuple[str, Hashable], ...],
    _their_kinds: Hashable,
) -> SafeString:
    return SafeString(get_template(template).render(dict(values)))
