"""Forms for the live feedback below a field while the clerk is typing."""

from django import forms

from counter.identity.national_number import Sex
from counter.web.form_fields import (
    EmailField,
    NameField,
    NationalNumberField,
    TypedDateField,
)


class NumberReadingForm(forms.Form):
    """The number, and the fields that the live feedback compares with it.

    Each field may still be empty or incomplete.
    """

    national_number = NationalNumberField(required=False)
    last_name = NameField(max_length=100, required=False)
    first_names = NameField(max_length=100, required=False)
    birth_date = TypedDateField(required=False)
    sex = forms.TypedChoiceField(
        choices=Sex, coerce=Sex, required=False, empty_value=Sex.UNKNOWN
    )


class EmailReadingForm(forms.Form):
    """The e-mail address, and the national number of the person who is to get it."""

    email = EmailField(required=False)
    national_number = NationalNumberField(max_length=80, required=False)
