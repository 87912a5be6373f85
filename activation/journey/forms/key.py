"""Which key, to which number, and the six digits that confirm it."""

import re
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyKind
from activation.letters import phones
from activation.web.form_base import PageForm, PhoneField
from counter.web.form_fields import SixDigitsField
from counter.web.form_layout import TemplateRow, layout

_WITHIN_A_NUMBER: Final = re.compile(r"(?<=\d) (?=\d)")


class KeyForm(PageForm):
    helper = layout(TemplateRow("kind", "activation/parts/_kinds.html"))

    kind = forms.ChoiceField(
        label=_("Your key"),
        choices=KeyKind,
        error_messages={
            "required": _("Choose one of these."),
            "invalid_choice": _("Choose one of these."),
        },
    )

    def clean_kind(self) -> KeyKind:
        return KeyKind(self.cleaned_data["kind"])


class NumberForm(PageForm):
    """A mobile number of the world; without a country code it is Belgian."""

    mobile = PhoneField(
        label=_("Your mobile number"),
        help_text=_("From another country? Begin with + and the country code."),
        error_messages={"required": _("Type your mobile number.")},
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "type": "tel",
                "inputmode": "tel",
                "autocomplete": "tel",
                "enterkeyhint": "go",
            }
        ),
    )

    @sensitive_variables()
    def clean_mobile(self) -> str:
        """E.164."""
        return read_mobile(self.cleaned_data["mobile"])


@sensitive_variables()
def read_mobile(typed: str) -> str:
    """Return the number in E.164; ValidationError says what to type instead.

    The error says so when a number was read as a Belgian one: somebody who writes a
    foreign number without its country code would not notice.
    """
    try:
        return phones.parse_mobile(typed)
    except phones.SatelliteError:
        raise forms.ValidationError(
            _(
                "We send no messages to satellite telephones and service numbers. Give "
                "the number of an ordinary mobile phone, or choose another kind of key."
            )
        ) from None
    except phones.NotMobileError:
        raise forms.ValidationError(
            _("This is not a mobile number. It cannot get text messages.")
        ) from None
    except phones.NotOnlyDigitsError:
        raise forms.ValidationError(
            _("Type the digits of the number only, without letters or an extension.")
        ) from None
    except phones.NotANumberError:
        sentence = (
            _("This number does not exist. For example: 0470 12 34 56.")
            if phones.names_its_country(typed)
            else _(
                "This number does not exist. A number of Belgium looks like "
                "0470 12 34 56. One of another country begins with + and the country "
                "code, for example +33 6 12 34 56 78."
            )
        )
        # A number stays on one line, however large the letters.
        unbroken = _WITHIN_A_NUMBER.sub("\N{NO-BREAK SPACE}", str(sentence))
        raise forms.ValidationError(unbroken) from None


class DigitsForm(PageForm):
    """Six digits, from an app or a message; they are never shown again."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    digits = SixDigitsField()
