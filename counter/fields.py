"""Form fields that read what a clerk types, in any of the usual spellings."""

import datetime
import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter import countries, mail_address

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[ ./-]([0-9]{1,2})[ ./-]([0-9]{4})")
_RUN_TOGETHER: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
_LONGEST_DATE: Final = 20
# Zero-width joiners shape Persian and Indic names; every other format character
# (direction marks, tags, soft hyphens) only disguises text.
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


class TypedDateField(forms.Field):
    """A date as typed: 30/07/1985, 30.7.1985, 30-07-1985 or 30071985.

    Not Django's DateField: its strptime takes digits of any script, and reads
    1112020 as a date.
    """

    default_error_messages = {
        "invalid": _("Type a date as dd/mm/yyyy, for example 30/07/1985."),
        "nonexistent": _("This date does not exist."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%d/%m/%Y"))
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("placeholder", _("dd/mm/yyyy"))

    def to_python(self, value: object) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.date):
            return value
        text = str(value).strip()
        if len(text) > _LONGEST_DATE:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if found := _DAY_FIRST.fullmatch(text) or _RUN_TOGETHER.fullmatch(text):
            day, month, year = map(int, found.groups())
        elif found := _YEAR_FIRST.fullmatch(text):
            year, month, day = map(int, found.groups())
        else:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise ValidationError(
                self.error_messages["nonexistent"], code="nonexistent"
            ) from None


class UnrepeatedInput(forms.TextInput):
    """A text field whose content is never written into a page again."""

    def format_value(self, value: object) -> None:  # noqa: ARG002
        return None


def ascii_digits(typed: str) -> str:
    """Digits of any script as 0 to 9, without spaces and dashes; the rest stays."""
    text = unicodedata.normalize("NFKC", typed)
    kept = []
    for character in text:
        if character.isspace() or character in "-\u2013.":
            continue
        decimal = unicodedata.decimal(character, None)
        kept.append(character if decimal is None else str(decimal))
    return "".join(kept)


class SixDigitsField(forms.CharField):
    """Six digits from an app or a message, in any of the usual spellings."""

    default_error_messages = {
        "required": _("Type the six digits."),
        "invalid": _("Type the six digits, and nothing else."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("The six digits"))
        kwargs.setdefault("widget", UnrepeatedInput())
        super().__init__(**kwargs)
        self.widget.attrs = {
            "class": "form-control otp-input",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "enterkeyhint": "go",
        } | self.widget.attrs

    @sensitive_variables()
    def to_python(self, value: object) -> str:
        digits = ascii_digits(super().to_python(value) or "")
        if digits and not _SIX_DIGITS.fullmatch(digits):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class NameField(forms.CharField):
    """A person's name in any script, on one line, without invisible characters."""

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        shown = "".join(
            c
            for c in unicodedata.normalize("NFC", " ".join(text.split()))
            if c in _JOINERS or unicodedata.category(c)[0] != "C"
        )
        if shown and not any(c.isalpha() for c in shown):
            raise ValidationError(_("A name has letters."), code="letters")
        return shown


class CountryField(forms.CharField):
    """An issuing country: a code of two or three letters, or its name."""

    def clean(self, value: object) -> str:
        text = super().clean(value)
        if not text:
            return ""
        code = countries.read(text)
        if code is None:
            raise ValidationError(
                _("Type a country's three letters as on the document, or its name."),
                code="country",
            )
        return code


class EmailField(forms.EmailField):
    """An address as typed or pasted: no spaces around it, none within."""

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return "".join(c for c in text if unicodedata.category(c)[0] not in "CZ")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and mail_address.takes_no_mail(value):
            raise ValidationError(
                _("No mail can arrive at this address. Read it out again."),
                code="reserved",
            )
