"""The forms for a question to the office and for a report that a page is wrong."""

import re
from typing import Final, override

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from activation.codes import activation_code
from activation.public import form_stamp
from activation.public.enquiring import AnotherMessageError
from activation.web.form_base import PageForm
from activation.web.form_layout import Question
from counter.identity import typed_digits
from counter.web.form_fields import EmailField, LongTextField
from counter.web.form_layout import Row, TemplateRow, layout

LONGEST: Final = 4000
# The separators of counter.identity.typed_digits, in a text that its `plain` returned.
_BETWEEN: Final = r"[\s./,:;_\u00b7\u2212-]"
_CODE: Final = re.compile(
    rf"(?<![^\W_])(?:[^\W_]{{4}}{_BETWEEN}{{1,3}}){{3}}[^\W_]{{2}}(?![^\W_])"
    r"|(?<!\w)\w{14}(?!\w)"
)


_ENQUIRY: Final = (
    Row("stamp"),
    Question("text"),
    TemplateRow("website", "activation/public/_website.html"),
)


class EnquiryForm(PageForm):
    """The form of a report, and the base of the contact form: the text, and two fields
    against robots.

    `website` is hidden, so that only robots fill it in. When a browser fills it in by
    itself, the form is shown again with the field visible. `stamp` is that of
    activation.public.form_stamp.
    """

    helper = layout(*_ENQUIRY)

    text = LongTextField(
        label=gettext_lazy("Your message"),
        help_text=gettext_lazy(
            "Do not write your national number or your activation code here."
        ),
        error_messages={
            "required": gettext_lazy("Write your message here."),
            "max_length": gettext_lazy(
                "Your message is too long. Use at most %(limit_value)d characters."
            ),
        },
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6}),
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "tabindex": "-1"}
        ),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None) -> None:
        self.at = timezone.now()
        copied = None
        if data is not None:
            copied = data.copy()
        super().__init__(copied, initial={"stamp": form_stamp.make(at=self.at)})

    @sensitive_variables()
    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        candidates = _CODE.findall(typed_digits.plain(text))
        if any(
            activation_code.is_well_formed(activation_code.normalise(candidate))
            for candidate in candidates
        ):
            raise forms.ValidationError(
                _(
                    "There is an activation code in your message. Take it out: give "
                    "your code to nobody, not even to the city."
                )
            )
        return text

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if website:
            raise forms.ValidationError(
                _("Make this field empty, then send your message again.")
            )
        return website

    @override
    def clean(self) -> None:
        """Read the stamp after all fields; its error belongs to the form as a whole.

        When a field has an error, the stamp's error is not shown: correcting the field
        takes longer than the three seconds.
        """
        sentence = ""
        try:
            stamp = self.cleaned_data.get("stamp", "")
            self.cleaned_data["submission"] = form_stamp.read(stamp, at=self.at)
        except form_stamp.TooFastError:
            sentence = _("That went very fast. Wait a moment, then send it again.")
        except form_stamp.StampError:
            self._stamp_anew()
            sentence = _(
                "This page was open for too long. Wait a moment, then send it again."
            )
        if sentence and not self.errors:
            self.add_error(None, sentence)

    def is_another(self, error: AnotherMessageError) -> None:
        """Add the error that this stamp belongs to another message, and renew it."""
        self._stamp_anew()
        self.add_error(None, str(error))

    def _stamp_anew(self) -> None:
        """Put a new stamp into the posted data, which is accepted in three seconds."""
        if isinstance(self.data, QueryDict):
            self.data["stamp"] = form_stamp.make(at=self.at)


class ContactForm(EnquiryForm):
    helper = layout(*_ENQUIRY, Question("email"), Question("name"))

    name = forms.CharField(
        label=gettext_lazy("Your name (if you like)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )
    email = EmailField(
        label=gettext_lazy("Your e-mail address (if you want an answer)"),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "email"}
        ),
    )
