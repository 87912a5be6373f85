"""The forms by which a supervisor handles a message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counter.enquiries.handling import LONGEST_ANSWER
from counter.enquiries.reasons import HandledReason
from counter.models import Clerk, Enquiry
from counter.staff.reauthentication import PresenceForm
from counter.web.form_fields import LongTextField


class AnswerForm(forms.Form):
    """The answer, in the sender's language. It is sent exactly as typed."""

    text = LongTextField(
        label=_("your answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )


class OwnerForm(forms.Form):
    """Chooses the supervisor of the office who is to answer the message."""

    owner = forms.ModelChoiceField(Clerk.objects.none(), label=_("who answers it"))

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        supervisors = Clerk.objects.supervisors().filter(office=enquiry.office_id)
        field.queryset = supervisors.order_by("username")


class HandledForm(PresenceForm):
    """Asks for the reason to mark messages as handled without an answer."""

    reason = forms.TypedChoiceField(
        label=_("Why do you do this?"),
        choices=HandledReason,
        coerce=HandledReason,
        widget=forms.RadioSelect,
    )
