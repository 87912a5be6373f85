"""Doubts: questions that a clerk answers by looking at the document again.

A doubt never refuses anything for good. It is a sentence with a box to tick, and the
tick is valid only for the values that the question was about: when one of them changes,
the question is asked again. The journal records the kind of each accepted doubt.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counter.email import typo_check, uniqueness
from counter.enums import DoubtKind
from counter.identity import documents, national_number
from counter.identity.documents import DocumentType, DocumentWarning
from counter.identity.national_number import NationalNumber, Sex
from counter.models import Applicant


@dataclass(frozen=True, repr=False)
class Doubt:
    """One question, shown under the form's `field`. `stamp` is the value of its box.

    `tick` is the label of the box. When it is empty there is no box, only a suggestion:
    the value that was typed cannot be accepted.
    """

    kind: DoubtKind
    field: str
    sentence: str | Promise
    tick: str | Promise
    stamp: str
    confirmed: bool = False
    #: What the field may be changed to with one click.
    suggestion: str = ""
    #: A tick is not enough: a supervisor must also agree at the clerk's screen.
    needs_supervisor: bool = False
    #: It may wait until the form is saved: a scan does not stop for it.
    slight: bool = False
    #: The values to compare, as pairs of caption and text.
    sides: tuple[tuple[str | Promise, str], ...] = ()

    @property
    def html_id(self) -> str:
        return f"id_confirmed_{self.kind.name.lower()}"


def stamp(kind: DoubtKind, *values: object) -> str:
    """A keyed hash of the values, so that a page that has it reveals none of them."""
    text = "\x1f".join([kind.value, *map(str, values)])
    return salted_hmac("counter.dossiers.doubts", text, algorithm="sha256").hexdigest()[
        :24
    ]


def about_person(
    number: NationalNumber | None,
    birth_date: datetime.date | None,
    sex: Sex,
    *,
    today: datetime.date,
    ask_below: int = documents.ADULT_AGE,
) -> Iterator[Doubt]:
    """Doubts about the birth date, the age, and what the national number says of birth
    date and sex (docs/domain.md).

    `ask_below` is the age in years under which the clerk has to ask about a parent; 0
    turns that off.
    """
    if birth_date is None:
        yield Doubt(
            DoubtKind.NO_BIRTH_DATE,
            "birth_date",
            _("No birth date was typed."),
            _("The document shows no whole birth date"),
            stamp(DoubtKind.NO_BIRTH_DATE, number.digits if number else ""),
        )
    youngest = birth_date or (number and latest_birth(number))
    if youngest and documents.age_on(youngest, today) < ask_below:
        yield Doubt(
            DoubtKind.MINOR,
            "birth_date",
            _("This person is under %(age)s. Ask whether a parent has to be present.")
            % {"age": ask_below},
            _("I asked"),
            stamp(DoubtKind.MINOR, youngest),
        )
    if number is not None:
        yield from _about_number(number, birth_date, sex)


def _about_number(
    number: NationalNumber, birth_date: datetime.date | None, sex: Sex
) -> Iterator[Doubt]:
    """Doubts when the number contradicts the document's birth date or sex."""
    if birth_date and national_number.contradicts_birth_date(number, birth_date):
        yield Doubt(
            DoubtKind.BIRTH_DATE,
            "birth_date",
            _(
                "The document says %(document)s, the number says %(number)s. Compare "
                "both with the document."
            )
            % {"document": date_format(birth_date), "number": born(number)},
            _("I looked again: both are as on the document"),
            stamp(DoubtKind.BIRTH_DATE, number.digits, birth_date),
        )
    if national_number.contradicts_sex(number, sex):
        yield Doubt(
            DoubtKind.SEX,
            "sex",
            _(
                "The number was given to someone whose sex was recorded as %(sex)s. It "
                "may have changed since."
            )
            % {"sex": number.sex.label},
            _("I looked again: it is as on the document"),
            stamp(DoubtKind.SEX, number.digits, sex),
        )


def about_document(
    document_type: DocumentType, number: str, *, by_supervisor: bool
) -> Iterator[Doubt]:
    """Doubts about a card number with wrong check digits, an annex, and a kind of paper
    that a supervisor must approve.
    """
    warnings = documents.warnings(document_type, number)
    if DocumentWarning.RETYPE in warnings:
        yield Doubt(
            DoubtKind.NUMBER,
            "document_number",
            DocumentWarning.RETYPE.label,
            _("I typed it again: it is as on the card"),
            stamp(DoubtKind.NUMBER, document_type, number),
        )
    if DocumentWarning.ASK_PASSPORT in warnings:
        yield Doubt(
            DoubtKind.ANNEX,
            "document_type",
            DocumentWarning.ASK_PASSPORT.label,
            _("I saw the passport, or there is none"),
            stamp(DoubtKind.ANNEX, document_type, number),
        )
    if document_type in documents.NEEDS_SUPERVISOR and not by_supervisor:
        yield Doubt(
            DoubtKind.SUPERVISOR,
            "document_type",
            _("A supervisor has to approve this document. Fetch one now."),
            _("A supervisor saw the document and approves"),
            stamp(DoubtKind.SUPERVISOR, document_type, number),
        )


def about_email(
    address: str, *, applicant: Applicant | None = None, digits: str = ""
) -> Iterator[Doubt]:
    """Doubts about a probable typing error, an address of work or study, and an address
    that another person used or has in an account.

    `digits` or `applicant` tell who is to get the address; without either, other people
    are not looked for. An address in another person's open dossier is not a doubt: the
    form refuses it (counter.email.uniqueness).
    """
    if meant := typo_check.likely(address):
        yield about_slip(address, meant)
    if typo_check.is_of_work_or_study(address):
        yield Doubt(
            DoubtKind.EMAIL,
            "email",
            _(
                "This is an address of work or study, which ends some day. Ask for a "
                "private one."
            ),
            _("The person has no other address"),
            stamp(DoubtKind.EMAIL, address),
        )
    if applicant is None and not digits:
        return
    if uniqueness.is_of_another(address, applicant=applicant, digits=digits):
        yield Doubt(
            DoubtKind.EMAIL_SHARED,
            "email",
            _("Another person used this address. Each person needs an own address."),
            _("I asked: nobody else reads the mail of this address"),
            stamp(DoubtKind.EMAIL_SHARED, address),
        )


def about_text(typed: str) -> Iterator[Doubt]:
    """The address probably meant by a text that is not a valid one; without a tick."""
    if meant := typo_check.likely(typed):
        yield replace(about_slip(typed, meant), tick="", stamp="")


def about_slip(address: str, meant: str) -> Doubt:
    return Doubt(
        DoubtKind.EMAIL_SLIP,
        "email",
        _("Is it not %(address)s?") % {"address": meant},
        _("It is right as it was typed"),
        stamp(DoubtKind.EMAIL_SLIP, address),
        suggestion=meant,
    )


def latest_birth(number: NationalNumber) -> datetime.date | None:
    """The latest possible birth date by the number: the last day of the year when only
    the year is known, None when nothing is.
    """
    if number.birth_date or not number.birth_year:
        return number.birth_date
    return datetime.date(number.birth_year, 12, 31)


def born(number: NationalNumber) -> str:
    """The birth date in the number, as text: "30 July 1985", "July 1985" or "1985"."""
    if number.birth_date:
        return date_format(number.birth_date)
    if number.birth_year and number.birth_month:
        first = datetime.date(number.birth_year, number.birth_month, 1)
        return date_format(first, "F Y")
    return str(number.birth_year or _("unknown"))
