"""User name and password."""

import uuid

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.holder.forms import NewPasswordForm
from activation.journey import context_words, passwords, user_names
from activation.web.form_base import PageForm
from activation.web.form_layout import Question
from counter.models import Dossier
from counter.web.form_layout import Block, Snippet, layout

_LONGEST_READ = 1000  # more than this is not looked at


def read_stamp(posted: str) -> uuid.UUID | None:
    """The account that a page showed (accounts.stamp); None for none, or nonsense."""
    try:
        return uuid.UUID(posted)
    except ValueError:
        return None


class AccountForm(PageForm):
    """The password is typed once.

    A person of 80 on a phone mistypes what cannot be seen, and typing it blindly a
    second time only doubles that. So one field, with a button that shows what stands
    in it. Not shown from the start: a phone's keyboard learns, corrects and sends to
    its maker what is typed into a plain text field. The button needs JavaScript;
    without it the page has the second field (in a `noscript`), and only then are the
    two compared. A slip that gets through is no loss: as long as no key is active,
    this page can be opened again.
    """

    helper = layout(
        Question("user_name"),
        Question("password"),
        Snippet("activation/journey/_strength.html"),
        Snippet("activation/parts/_reveal.html"),
        # Without JavaScript it cannot be shown, so it is typed twice.
        Block(Question("password_again"), tag="noscript"),
    )
    retyped = ("password", "password_again")

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
    password = forms.CharField(
        label=_("Password"),
        help_text=_(
            "At least 12 characters. Three or four words in a row make a good password."
        ),
        error_messages={"required": _("Choose a password.")},
        strip=False,
        widget=forms.PasswordInput(
            attrs={
                "class": "form-control",
                "autocomplete": "new-password",
                "autocapitalize": "none",
                "autocorrect": "off",
                "spellcheck": "false",
            }
        ),
    )
    password_again = forms.CharField(
        label=_("The same password again"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"class": "form-control", "autocomplete": "new-password"}
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        dossier: Dossier,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.dossier = dossier

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

    @sensitive_variables()
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"][:_LONGEST_READ]
        try:
            passwords.check(
                password,
                known_words=(
                    self.cleaned_data.get("user_name", ""),
                    self.dossier.email,
                    *context_words.of_dossier(self.dossier),
                ),
            )
        except passwords.PasswordRefusedError as error:
            raise forms.ValidationError(str(error)) from None
        return password

    @sensitive_variables()
    def clean_password_again(self) -> str:
        again: str = self.cleaned_data["password_again"]
        password = self.cleaned_data.get("password")
        if "password_again" in self.data and password and again != password:
            raise forms.ValidationError(_("The two passwords are not the same."))
        return again


class RenewPasswordForm(NewPasswordForm):
    """The holder's form, with what the new password is worth below it."""

    helper = layout(
        Question("password"),
        Snippet("activation/journey/_strength.html"),
        Question("password_again"),
    )
