"""Caches parts of a page that are the same for everybody, in the memory of a process.

Such a part depends only on its template, the language and the given values. It gets
neither the request nor what was typed, so no data of one person can be shown to
another. The values must have few variants, such as a flag or one of three choices.
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
    """Render the template with these values; cached, except with DEBUG."""
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    handed = tuple(values.items())
    return draw(get_language() or "", template, handed, _kinds(handed))


def _kinds(value: Hashable) -> Hashable:
    """The types of the values, for the cache's key: 1 equals True otherwise."""
    return tuple(map(_kinds, value)) if isinstance(value, tuple) else type(value)


@lru_cache(_KEPT)
def _draw(
    _language: str,
    template: str,
    values: tuple[tuple[str, Hashable], ...],
    _their_kinds: Hashable,
) -> SafeString:
    return SafeString(get_template(template).render(dict(values)))
