"""Forms for a browser's answer about a passkey, and for a passkey's name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from counter.web.form_layout import Row, layout

#: Twice the length of an answer with the longest credential id and an RSA key.
_ANSWER_LETTERS = 16_384


class AnswerForm(forms.Form):
    """The browser's answer, as JSON, which the page's script writes into the field."""

    answer = forms.CharField(
        max_length=_ANSWER_LETTERS,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("The browser gave no passkey. Try it again."),
            "max_length": _("The browser gave no passkey. Try it again."),
        },
    )


class AddForm(AnswerForm):
    helper = layout(Row("name"), Row("answer"))

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=40,
        help_text=_(
            "A name by which you recognise it later: that of the device, or of the key "
            "on your ring."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autofocus": True,
                "class": "form-control",
            }
        ),
    )
    use_required_attribute = False
    field_order = ("name", "answer")
