"""The live feedback below the field of the national number: what the number says about
its holder.
"""

import datetime
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.doubts import born
from counter.identity import national_number, typed_digits
from counter.identity.national_number import NationalNumber, NationalNumberError, Sex


@dataclass(frozen=True)
class Reading:
    """The context of templates/components/field_reading.html."""

    tone: str = ""
    title: str | Promise = ""
    parts: list[str] = field(default_factory=list)
    advice: str | Promise = ""
    #: Values from the number for form fields that are empty, written as typed text.
    fills: dict[str, str] = field(default_factory=dict)


def known(number: NationalNumber) -> dict[str, str]:
    """The values of form fields that follow from the number: birth date and sex."""
    fields = {}
    if number.birth_date:
        fields["birth_date"] = f"{number.birth_date:%d/%m/%Y}"
    if number.sex != Sex.UNKNOWN:
        fields["sex"] = number.sex.value
    return fields


@sensitive_variables()
def known_from(text: str, *, today: datetime.date) -> dict[str, str]:
    """`known` for a typed text; empty when the text is not a valid number."""
    try:
        return known(national_number.parse(text, today=today))
    except NationalNumberError:
        return {}


@sensitive_variables()
def read_number(
    text: str,
    *,
    birth_date: datetime.date | None,
    sex: Sex,
    today: datetime.date,
) -> Reading:
    """Kind, birth date and sex of a number, or what is wrong with it.

    An unfinished number is not wrong yet: it gets an empty reading.
    """
    if typed_digits.digit_count(text) < 11:
        return Reading()
    try:
        number = national_number.parse(text, today=today)
    except NationalNumberError as error:
        return Reading("bad", str(error))
    parts = [born(number), str(number.sex.label)]
    fills = known(number)
    differs = _differences(number, birth_date, sex)
    if differs:
        advice = " ".join([*differs, str(_("Compare both."))])
        return Reading("warn", number.kind.label, parts, advice, fills)
    advice = ""
    if "birth_date" in fills and birth_date is None:
        advice = str(_("Compare the birth date with the document."))
    return Reading("good", number.kind.label, parts, advice, fills)


def _differences(
    number: NationalNumber, birth_date: datetime.date | None, sex: Sex
) -> list[str]:
    """Sentences for each point where the document and the number differ."""
    sentences = []
    if birth_date and national_number.contradicts_birth_date(number, birth_date):
        sentence = _("Born on %(date)s according to the document.")
        sentences.append(sentence % {"date": date_format(birth_date)})
    if national_number.contradicts_sex(number, sex):
        sentence = _("Sex according to the document: %(sex)s.")
        sentences.append(sentence % {"sex": sex.label})
    return sentences
