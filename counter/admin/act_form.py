"""Why a supervisor does something to a dossier, and to what of it."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counter.enums import ActReason
from counter.staff.reauthentication import PresenceForm


class ActForm(PresenceForm):
    """The reason for an act, one of a list, and the password after a pause.

    What is typed freely may hold a name or a number, and an entry of the journal stays.
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
