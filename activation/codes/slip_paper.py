"""The sheet of paper that carries the activation code home.

One A5 page: the complete text in Dutch first, then a marked translation into the chosen
language (docs/domain.md#language-of-what-is-sent). It has the code, so it never has the
link, and it has no national number either.

The name of a person is typed or read from a passport, so it can contain anything, a URL
too: counter.paper.sheets fetches nothing while it makes the PDF.
"""

import dataclasses
import datetime
from typing import Final

from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_variables

from activation.letters.wording import (
    DUTCH,
    TRANSLATION_HEADINGS,
    OfficeContact,
    check_language,
    one_line,
    written_date,
)
from activation.one_time import key_kinds
from counter.paper.press import Press

CODE_LENGTH: Final = 14
# The sizes of the text, tried in this order until it fits on one page. The first fits
# for nearly everybody.
_SIZES: Final = ("normal", "small", "smallest")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Slip:
    """The content of a slip.

    ``code`` is the 14 characters without dashes. ``last_day`` is the day *before* the
    link ends (`activation.codes.validity.last_whole_day`). ``language`` is that of the
    translation: fr, de or en, or nl for Dutch alone. ``reference`` is the number under
    which the office finds the dossier; it says nothing about the person.
    ``has_every_kind`` is whether the office offers all kinds of key; only then the slip
    names the kinds.

    ``repr`` leaves out the code and the person's data, because it can end up in logs.
    """

    code: str = dataclasses.field(repr=False)
    masked_email: str = dataclasses.field(repr=False)
    last_day: datetime.date
    language: str
    applicant_name: str = dataclasses.field(repr=False)
    office: OfficeContact
    issued_on: datetime.date
    reference: str
    has_every_kind: bool = True

    def __post_init__(self) -> None:
        check_language(self.language)
        if len(self.code) != CODE_LENGTH or not self.code.isalnum():
            msg = f"a code has {CODE_LENGTH} letters and digits"
            raise ValueError(msg)

    @property
    def groups(self) -> tuple[str, ...]:
        """The code as it is printed and read aloud: 4-4-4-2."""
        code = self.code
        return (code[:4], code[4:8], code[8:12], code[12:])


_press = Press("activation/codes/slip/slip.css")


@sensitive_variables()
def render(slip: Slip) -> bytes:
    """Print ``slip``: a PDF of exactly one A5 page, tagged for screen readers.

    No file is left behind and nothing is fetched. The metadata holds the title
    and the language, nothing about the person.
    """
    for size in _SIZES:
        if pdf := _press.pdf_of_one_page(_html(slip, size)):
            return pdf
    return _press.pdf(_html(slip, _SIZES[-1]))


def warm() -> None:
    """Print a specimen in each language, so that the first real slip is not slow.

    This loads the templates into the process and the fonts into this thread.
    """
    day = datetime.date(2026, 1, 1)
    office = OfficeContact(
        name="-", address="-", postal_code="-", city="-", phone="-", help_phone="-"
    )
    for language in (DUTCH, *TRANSLATION_HEADINGS):
        specimen = Slip(
            code="0" * CODE_LENGTH,
            masked_email="-",
            last_day=day,
            language=language,
            applicant_name="-",
            office=office,
            issued_on=day,
            reference="-",
        )
        render(specimen)


@sensitive_variables()
def _html(slip: Slip, size: str) -> str:
    return render_to_string("activation/codes/slip/slip.html", _context(slip, size))


def _context(slip: Slip, size: str) -> dict[str, object]:
    return {
        "size": size,
        "groups": slip.groups,
        "kinds": key_kinds.named_on_slip() if slip.has_every_kind else {},
        "masked_email": one_line(slip.masked_email, limit=40),
        "applicant_name": one_line(slip.applicant_name, limit=120),
        "office": _printed(slip.office),
        "reference": one_line(slip.reference, limit=40),
        "issued_on": written_date(slip.issued_on, DUTCH),
        "last_day": {
            "nl": _unbroken(written_date(slip.last_day, DUTCH)),
            "translated": _unbroken(written_date(slip.last_day, slip.language)),
        },
        "language": slip.language,
        "translation": TRANSLATION_HEADINGS.get(slip.language, ""),
        "translated": f"activation/codes/slip/_{slip.language}.html",
    }


def _unbroken(date: str) -> str:
    return date.replace(" ", "\N{NO-BREAK SPACE}")


def _printed(office: OfficeContact) -> OfficeContact:
    """The office's data with overlong texts shortened; phone numbers never are."""
    return OfficeContact(
        name=one_line(office.name, limit=80),
        address=one_line(office.address, limit=120),
        postal_code=one_line(office.postal_code),
        city=one_line(office.city, limit=60),
        phone=one_line(office.phone),
        help_phone=one_line(office.help_phone),
    )
