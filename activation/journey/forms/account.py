"""User name and password."""

import uuid
from typing import override

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import UserNameTakenError
from activation.journey import context_words, user_names
from activation.journey.forms.password import NEW_PASSWORD, PasswordPage
from activation.models import ActivationCode
from activation.web.form_layout import Question
from counter.web.form_layout import layout


def read_stamp(posted: str) -> uuid.UUID | None:
    """The account that a page showed (accounts.stamp); None for none, or nonsense."""
    try:
        return uuid.UUID(posted)
    except ValueError:
        return None


class AccountForm(PasswordPage):
    """A slip in the password that gets through is no loss: as long as no key is active,
    this page can be opened again.
    """

    helper = layout(Question("user_name"), *NEW_PASSWORD)
    field_order = ("user_name", "password", "password_again")

    stands = forms.CharField(required=False, widget=forms.HiddenInput)
    user_name = forms.CharField(
        label=_("User name"),
        help_text=_("Keep this one, or choose another."),
        error_messages={"required": _("Choose a user name.")},
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "username",
                "autocapitalize": "none",
                "autocorrect": "off",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        code: ActivationCode,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, of=code.pk, initial=initial)
        self.dossier = code.dossier
        self.fields["password"].label = _("Password")

    def clean_stands(self) -> uuid.UUID | None:
        return read_stamp(self.cleaned_data["stands"])

    @sensitive_variables()
    def clean_user_name(self) -> str:
        user_name: str = self.cleaned_data["user_name"]
        try:
            user_names.check(
                user_name,
                national_number=self.dossier.applicant.national_number,
                today=timezone.localdate(),
            )
        except user_names.UserNameRefusedError as error:
            raise forms.ValidationError(str(error)) from None
        return user_name

    @override
    @sensitive_variables()
    def known_words(self) -> tuple[str, ...]:
        name = self.cleaned_data.get("user_name", "")
        return (name, self.dossier.email, *context_words.of_dossier(self.dossier))

    @sensitive_variables()
    def propose(self, error: UserNameTakenError) -> None:
        """Somebody has the name: a free one stands in its field, to be kept or changed.

        The password that was typed is kept.
        """
        self.add_error("user_name", str(error))
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["user_name"] = error.suggestion
        self.data = data
