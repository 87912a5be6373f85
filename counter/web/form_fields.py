"""Form fields that accept what people type in all usual spellings."""

import datetime
import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.email import mail_syntax, typo_check
from counter.email.mail_syntax import MailAddressError
from counter.identity import countries, typed_digits
from counter.identity.invisible_signs import JOINERS, on_one_line
from counter.paper import print_font

_SIGNS_NAMED: Final = 5
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
_LONGEST_DATE: Final = 40
_DATE: Final = re.compile(r"[0-9]{1,2} [0-9]{1,2} [0-9]{4}")
_DATE_YEAR_FIRST: Final = re.compile(r"[0-9]{4} [0-9]{1,2} [0-9]{1,2}")
_DATE_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2} [0-9]{1,2} [0-9]{1,3}")
_RUN_TOGETHER: Final = re.compile(r"[0-9]{8}")
# Nobody alive was born before this year, and no document expired before it. So 0085 is
# refused as a year, and 30071985 and 19850730 have only one possible reading each.
_EARLIEST_YEAR: Final = 1880
_LATEST_YEAR: Final = 9999
#: Attributes of a field into which a clerk copies data of a person: the browser must
#: not suggest data of other people.
TYPED_ANEW: Final = {"autocomplete": "off", "spellcheck": "false"}
#: The signs in names: O'Neill, d\u2019Artagnan, Gal\u00b7la, St. John, Jr.
_IN_NAMES: Final = frozenset(" -'`.,\u2019\u2018\u00b4\u00b7")


class TypedDateField(forms.Field):
    """Reads a typed date: 30/07/1985, 30.7.1985, 1985-07-30 or 30071985.

    Any separator of counter.identity.typed_digits may be between day, month and year.
    Django's DateField is not used, because it reads only a list of formats, and takes
    1112020 for a date. The year must have four digits, because 85 is 1985 in a birth
    date, but may be 2085 in an expiry date.
    """

    default_error_messages = {
        "invalid": _("Type a date as dd/mm/yyyy, for example 30/07/1985."),
        "nonexistent": _("This date does not exist."),
        "year": _("Type the year in four digits, for example 1985."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%d/%m/%Y"))
        super().__init__(**kwargs)
        if getattr(self.widget, "input_type", "") == "date":
            return  # the browser shows its own format
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("placeholder", _("dd/mm/yyyy"))

    def to_python(self, value: object) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.date):
            return value
        text = str(value)
        written = typed_digits.groups(text) if len(text) <= _LONGEST_DATE else ["?"]
        if not written:
            return None
        day, month, year = self._parts(" ".join(written))
        if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
            raise self._refusal("year")
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise self._refusal("nonexistent") from None

    def _parts(self, written: str) -> tuple[int, int, int]:
        """Day, month and year from groups of digits with one space between them.

        Raises ValidationError.
        """
        if _RUN_TOGETHER.fullmatch(written):
            day_first = f"{written[:2]} {written[2:4]} {written[4:]}"
            year_first = f"{written[:4]} {written[4:6]} {written[6:]}"
            is_year = int(written[4:]) >= _EARLIEST_YEAR
            written = day_first if is_year else year_first
        if _DATE.fullmatch(written):
            day, month, year = map(int, written.split())
        elif _DATE_YEAR_FIRST.fullmatch(written):
            year, month, day = map(int, written.split())
        elif _DATE_SHORT_YEAR.fullmatch(written):
            raise self._refusal("year")
        else:
            raise self._refusal("invalid")
        return day, month, year

    def _refusal(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)


class UnrepeatedInput(forms.TextInput):
    """A text field whose value is never written back into a page."""

    def format_value(self, value: object) -> None:  # noqa: ARG002
        return None


class LongTextField(forms.CharField):
    """A text of several lines; a line break counts as one, as in the browser."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class SixDigitsField(forms.CharField):
    """Reads six digits from an app or a message, with or without separators."""

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
        digits = typed_digits.without_separators(super().to_python(value) or "")
        if digits and not _SIX_DIGITS.fullmatch(digits):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class NameField(forms.CharField):
    """A person's name in one line, in Latin letters that can be printed on the slip.

    Every passport and card has such a spelling, at least in its machine-readable zone
    (docs/decisions/030-names-in-latin-letters.md). Invisible characters are removed.
    """

    def to_python(self, value: object) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        name = "".join(map(_as_printed, on_one_line(text)))
        if name and not any(c.isalpha() for c in name):
            raise ValidationError(_("A name has letters."), code="letters")
        if strange := _not_printed(name):
            raise ValidationError(
                _(
                    "Type the name in Latin letters, as in the lines at the bottom of "
                    "the document. This cannot be printed: %(signs)s"
                ),
                code="script",
                params={"signs": " ".join(strange[:_SIGNS_NAMED])},
            )
        if strange := _not_in_names(name):
            raise ValidationError(
                _("No name has this in it: %(signs)s"),
                code="signs",
                params={"signs": " ".join(strange[:_SIGNS_NAMED])},
            )
        return name


def _as_printed(sign: str) -> str:
    """The character as it is printed in names: "-" for a dash, "A" for a full-width A.

    Other dashes come from pasted texts, and full-width letters from some keyboards.
    """
    if unicodedata.category(sign) == "Pd":
        return "-"
    is_wide = unicodedata.east_asian_width(sign) == "F"
    return unicodedata.normalize("NFKC", sign) if is_wide else sign


def _not_in_names(name: str) -> list[str]:
    """The digits and signs in the text that no name has; a reader may type them."""
    strange = (
        c
        for c in name
        if unicodedata.category(c)[0] not in "LM"
        and c not in _IN_NAMES
        and c not in JOINERS
    )
    return list(dict.fromkeys(strange))


def _not_printed(name: str) -> list[str]:
    """The letters in the text that are not Latin, or that the fonts do not have."""
    foreign = [c for c in name if c.isalpha() and not _is_latin(c)]
    return list(dict.fromkeys([*foreign, *print_font.missing(name)]))


def _is_latin(letter: str) -> bool:
    # Modifier letters (Lm), such as the okina, belong to no script.
    is_sign = unicodedata.category(letter) == "Lm"
    return is_sign or unicodedata.name(letter, "").startswith("LATIN ")


class NationalNumberField(forms.CharField):
    """A national number as text; counter.identity.national_number reads it."""

    takes_eleven_digits = True


class DocumentOrTextField(forms.CharField):
    """A search field, which also takes a scan of a document or a national number."""

    takes_scan = True
    takes_eleven_digits = True


class CountryField(forms.CharField):
    """An issuing country: a code of two or three letters, or a name.

    The browser suggests countries while one types
    (`counter.identity.countries.suggestions`, rendered by counter.web.field_markup).
    `autocomplete` is on, because otherwise Firefox does not show the suggestions.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"list": "countries", "autocomplete": "on"}

    def clean(self, value: object) -> str:
        text = super().clean(value)
        if not text:
            return ""
        code = countries.read(text)
        if code is None:
            raise ValidationError(_which_country(text), code="country")
        return code


def _which_country(text: str) -> str:
    named = [f"{countries.name(code)} ({code})" for code in countries.meant(text)]
    if not named:
        return gettext(
            "Type a country's three letters as on the document, or its name."
        )
    sentence = gettext("Which country is meant: %(countries)s? Type its three letters.")
    return sentence % {"countries": ", ".join(named)}


class EmailField(forms.CharField):
    """Reads a typed or pasted address to its normal form (counter.email.mail_syntax).

    It is a text input, because browsers change or refuse an address that is not ASCII
    in an e-mail input.
    """

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        # A pasted address may have its owner's name around it, so it may be longer.
        kwargs["max_length"] = None
        # A model's field passes this argument, which only forms.EmailField has.
        kwargs.pop("allow_unicode", None)
        super().__init__(**kwargs)
        self.widget.attrs = {
            "inputmode": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        } | self.widget.attrs

    @sensitive_variables()
    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return text and self._read(text)

    @sensitive_variables()
    def _read(self, text: str) -> str:
        try:
            address = mail_syntax.read(text)
        except MailAddressError as error:
            raise ValidationError(str(error), code=error.code) from None
        if typo_check.takes_no_mail(address):
            raise ValidationError(
                _("No e-mail can arrive at this address. Read it out again."),
                code="reserved",
            )
        return address

    def prepare_value(self, value: object) -> object:
        """A stored address as people write it; a typed address unchanged."""
        if isinstance(value, str) and "xn--" in value.rpartition("@")[2]:
            return mail_syntax.display_address(value)
        return value
