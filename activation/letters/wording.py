"""Helpers for the texts of slip and mails: language, office, dates, clean names.

Nothing in this module queries the database.
"""

import dataclasses
import datetime
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from babel.dates import format_date
from django.utils.dateformat import time_format
from django.utils.formats import get_format

from counter.identity.invisible_signs import on_one_line
from counter.models import Office

# The heading above the text in the second language. Dutch always comes first and is
# complete; the other text is marked as a translation
# (docs/domain.md#language-of-what-is-sent).
TRANSLATION_HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"fr": "Traduction", "de": "Übersetzung", "en": "Translation"}
)
DUTCH: Final = "nl"

# British dates ("3 April 2026"), not American ones ("April 3, 2026").
_DATE_LOCALES: Final[Mapping[str, str]] = MappingProxyType(
    {"nl": "nl_BE", "fr": "fr_BE", "de": "de_BE", "en": "en_GB"}
)


@dataclasses.dataclass(frozen=True)
class Notice:
    """A link to a page of the office, shown under a mail in this language."""

    language: str
    label: str
    address: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficeContact:
    """Name, address and numbers of the office, as printed on a slip or in a mail.

    `help_phone` is the helpdesk for digital keys, and `phone` the city's own number.
    `email` is the mailbox to which answers to mails go. Each is "" when there is none.
    `notices` are the links under every mail; a slip has none.
    """

    name: str
    address: str
    postal_code: str
    city: str
    phone: str
    help_phone: str
    email: str = ""
    notices: tuple[Notice, ...] = ()


def office_contact(
    office: Office, *, notices: tuple[Notice, ...] = ()
) -> OfficeContact:
    """Copy from the office's row the values that may be printed."""
    return OfficeContact(
        name=office.name,
        address=office.address,
        postal_code=office.postal_code,
        city=office.city,
        phone=office.phone,
        help_phone=office.help_phone,
        email=office.email,
        notices=notices,
    )


def check_language(language: str) -> str:
    """Return ``language``, one of nl, fr, de, en; raise ValueError otherwise."""
    if language not in _DATE_LOCALES:
        msg = f"no texts in language {language!r}"
        raise ValueError(msg)
    return language


def one_line(value: str, *, limit: int = 200) -> str:
    """Make a typed value safe to print on one line.

    Line breaks, tabs and repeated spaces become one space, so that a name cannot start
    a paragraph or a mail header. Control, direction and unassigned characters are
    removed. A value with more than `limit` characters is cut, with an ellipsis.
    """
    kept = " ".join(unicodedata.normalize("NFC", value).split())
    # Almost all values are printable, so that no character need be looked at.
    if not kept.isprintable():
        kept = on_one_line(kept)
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def written_date(day: datetime.date, language: str) -> str:
    """Write a date in full: 3 april 2026, 3 avril 2026, 3. April 2026, 3 April 2026."""
    written = format_date(day, "long", locale=_DATE_LOCALES[check_language(language)])
    # French writes only the first of a month as an ordinal.
    if language == "fr" and day.day == 1:
        return written.replace("1 ", "1er ", 1)
    return written


def written_time(time: datetime.time, language: str) -> str:
    """Write a time of day as the pages do: 16.30 (nl), 16h30, 16:30, 16.30 (en)."""
    return time_format(time, get_format("TIME_FORMAT", check_language(language)))
