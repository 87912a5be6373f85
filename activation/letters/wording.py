"""What the slip and the mails have in common: language, office, dates, clean names.

Plain values in, plain values out: nothing here queries the database.
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

from counter.identity.invisible_signs import is_of_a_text
from counter.models import Office

# Dutch is always first and complete; the other text is a translation and marked as
# such (docs/domain.md#language-of-what-is-sent). The word that marks it, by language.
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
    """A page of the office's, as a link under a mail in this language."""

    language: str
    label: str
    address: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficeContact:
    """The office as a slip or a mail names it.

    ``help_phone`` is the helpdesk for digital keys, ``phone`` the city's own
    number, ``email`` its mailbox, where answers to mails go; empty for none.
    ``notices`` are the pages under every mail; a slip has none.
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
    """Copy what may be printed from the office's row."""
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

    Line breaks, tabs and runs of spaces become one space, so a name can start
    no paragraph and no header line. Control, direction and unassigned
    characters go. Longer than ``limit`` characters is cut, with an ellipsis.
    """
    spaced = " ".join(unicodedata.normalize("NFC", value).split())
    # Almost all text is of letters alone, and a look at the whole of it says so.
    is_printed = spaced.isprintable()
    kept = spaced if is_printed else "".join(filter(is_of_a_text, spaced)).strip()
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def written_date(day: datetime.date, language: str) -> str:
    """Write ``day`` out: 3 april 2026, 3 avril 2026, 3. April 2026, 3 April 2026."""
    written = format_date(day, "long", locale=_DATE_LOCALES[check_language(language)])
    # French writes only the first of a month as an ordinal.
    if language == "fr" and day.day == 1:
        return written.replace("1 ", "1er ", 1)
    return written


def written_time(time: datetime.time, language: str) -> str:
    """Write a time of day as the pages do: 16.30, 16h30, 16:30, 16.30."""
    return time_format(time, get_format("TIME_FORMAT", check_language(language)))
