"""The form that asks for the reason and the target of an act on a dossier."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.enums import ActReason
from counter.staff.reauthentication import PresenceForm


class ActForm(PresenceForm):
    """The reason for an act, chosen from a list, and the password after a pause.

    The reason is not free text: that may contain a name or a number, and the journal
    keeps its entries.
    """

    target = forms.ChoiceField(label=_("Which one?"), widget=forms.RadioSelect)
    reason = forms.TypedChoiceField(
        label=_("Why do you do this?"),
        choices=ActReason,
        coerce=ActReason,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: object = None,
        *,
        request: HttpRequest,
        targets: list[tuple[str, str]],
    ) -> None:
        super().__init__(data, request=request)
        field: Any = self.fields["target"]
        field.choices = targets
        if not targets:
            del self.fields["target"]
        elif len(targets) == 1:
            self.initial["target"] = targets[0][0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data.setdefault("target", "")
        return data
