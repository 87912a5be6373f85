"""The form for a new e-mail address of a dossier, with the checks of recording."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers import doubts
from counter.dossiers.doubts import Doubt
from counter.email import uniqueness
from counter.models import Applicant
from counter.web.form_fields import EmailField


def with_suggestion(posted: QueryDict) -> QueryDict:
    """The sent form; with the suggested address if the clerk chose that."""
    meant = posted.get("use_email")
    if not meant:
        return posted
    changed = posted.copy()
    changed["email"] = meant
    return changed


class EmailForm(forms.Form):
    """After `is_valid()`, the address has no doubt that was not ticked."""

    email = EmailField(
        label=_("Private e-mail"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        applicant: Applicant,
        **kwargs: Any,
    ) -> None:
        super().__init__(None if data is None else with_suggestion(data), **kwargs)
        self.applicant = applicant
        self.doubts: list[Doubt] = []

    @property
    def accepted(self) -> tuple[str, ...]:
        """The kinds of the doubts that were ticked, for the journal."""
        return tuple(doubt.kind.value for doubt in self.doubts)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "email" not in data:
            self.doubts = list(doubts.about_text(str(self["email"].value() or "")))
            return data
        if uniqueness.is_taken(data["email"], applicant=self.applicant):
            self.add_error("email", uniqueness.SENTENCE)
            return data
        ticked = (
            self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []
        )
        found_doubts = doubts.about_email(data["email"], applicant=self.applicant)
        self.doubts = [
            replace(doubt, confirmed=doubt.stamp in ticked) for doubt in found_doubts
        ]
        if not all(doubt.confirmed for doubt in self.doubts):
            self.add_error(
                None, _("Look again at what is marked, and tick it when it is right.")
            )
        return data
