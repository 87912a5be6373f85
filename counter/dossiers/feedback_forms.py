"""What is read while it is typed, as far as it is typed."""

from django import forms

from counter.identity.national_number import Sex
from counter.web.form_fields import (
    EmailField,
    NameField,
    NationalNumberField,
    TypedDateField,
)


class NumberReadingForm(forms.Form):
    """What the live reading of the number compares, as far as it is typed."""

    national_number = NationalNumberField(required=False)
    last_name = NameField(max_length=100, required=False)
    first_names = NameField(max_length=100, required=False)
    birth_date = TypedDateField(required=False)
    sex = forms.TypedChoiceField(
        choices=Sex, coerce=Sex, required=False, empty_value=Sex.UNKNOWN
    )


class EmailReadingForm(forms.Form):
    """The address, and the number of the person whose it is to become."""

    email = EmailField(required=False)
    national_number = NationalNumberField(max_length=80, required=False)
