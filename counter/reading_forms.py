"""What is read while it is typed, as far as it is typed."""

from django import forms

from counter.fields import EmailField, TypedDateField
from counter.national_number import Sex


class NumberReadingForm(forms.Form):
    """What the live reading of the number compares, as far as it is typed."""

    national_number = forms.CharField(required=False)
    birth_date = TypedDateField(required=False)
    sex = forms.TypedChoiceField(
        choices=Sex, coerce=Sex, required=False, empty_value=Sex.UNKNOWN
    )


class EmailReadingForm(forms.Form):
    """The address, and the number of the person whose it is to become."""

    email = EmailField(max_length=254, required=False)
    national_number = forms.CharField(max_length=80, required=False)
