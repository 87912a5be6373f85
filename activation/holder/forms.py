"""The forms of the holder's own page."""

from typing import Final, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyKind
from activation.journey import context_words
from activation.journey.forms.key import read_mobile
from activation.journey.forms.password import (
    NEW_PASSWORD,
    PasswordPage,
    password_input,
)
from activation.models import KeyHolder
from activation.one_time import key_kinds
from activation.web.form_base import PageForm, PhoneField
from activation.web.form_layout import Question, Questions
from counter.email import typo_check
from counter.enums import Language
from counter.web.form_fields import EmailField
from counter.web.form_layout import Snippet, TemplateRow, layout

# No valid password is longer; hashing a longer text would be useless work.
_LONGEST_READ: Final = 1000


def _input(kind: str, **attrs: str) -> dict[str, object]:
    plain = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
    return {"class": "form-control", "type": kind, **plain, **attrs}


def password_field(label: object, *, autocomplete: str, missing: object) -> forms.Field:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        strip=False,
        max_length=_LONGEST_READ,
        error_messages={"required": missing},  # type: ignore[dict-item]
        widget=password_input(autocomplete),
    )


class SignInForm(PageForm):
    helper = layout(Questions(), Snippet("activation/parts/_reveal.html"))
    blamed = ("user_name", "password")

    user_name = forms.CharField(
        label=_("User name"),
        max_length=200,
        error_messages={"required": _("Type your user name.")},
        widget=forms.TextInput(attrs=_input("text", autocomplete="username")),
    )
    password = password_field(
        _("Password"),
        autocomplete="current-password",
        missing=_("Type your password."),
    )


class RenameForm(PageForm):
    name = forms.CharField(
        label=_("Name of this key"),
        help_text=_("For example: my phone. Leave it empty for no name."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class AddressForm(PageForm):
    """A mail address. If it looks like a typing mistake, the form first asks about it.

    The forms of the desk do the same. The answer in `slip` is "mended" (use the
    proposed address) or "typed" (use the typed one); "typed" is accepted only for the
    address in `doubted`.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
    ) -> None:
        meant = ""
        if data is not None and data.get("slip") == "mended":
            meant = typo_check.likely(data.get("email", ""))
        if data is not None and meant:
            data = data.copy()
            data["email"] = meant
        super().__init__(data, initial=initial)

    @sensitive_variables()
    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        meant = typo_check.likely(typed)
        is_kept = self.data.get("slip") == "typed"
        if not meant or (is_kept and self.data.get("doubted") == typed):
            return typed
        self.meant, self.doubted = meant, typed
        raise forms.ValidationError(
            _("Did you mean %(address)s?"), params={"address": meant}
        )

    @override
    def full_clean(self) -> None:
        """Validate, and propose an address also when the typed text is invalid."""
        super().full_clean()
        if self.is_bound and "email" in self.errors and not self.meant:
            self.meant = typo_check.likely(str(self["email"].value() or ""))
            if self.meant:
                question = _("Did you mean %(address)s?")
                self.add_error("email", question % {"address": self.meant})


class DestinationForm(AddressForm):
    """The destination of a new key: a mobile number or a mail address."""

    mobile = PhoneField(
        label=_("Your mobile number"),
        help_text=_("From another country? Begin with + and the country code."),
        error_messages={"required": _("Type your mobile number.")},
        widget=forms.TextInput(
            attrs=_input("tel", inputmode="tel", autocomplete="tel")
        ),
    )
    email = EmailField(
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Type your e-mail address."),
        },
        widget=forms.TextInput(
            attrs=_input("text", inputmode="email", autocomplete="email")
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: KeyKind,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        message = key_kinds.record(kind).message
        for name in list(self.fields):
            if message is None or name != message.field:
                del self.fields[name]

    @sensitive_variables()
    def clean_mobile(self) -> str:
        """The mobile number in E.164."""
        return read_mobile(self.cleaned_data["mobile"])

    @property
    def destination(self) -> str:
        cleaned = self.cleaned_data
        return str(cleaned.get("mobile") or cleaned.get("email") or "")


class NewPasswordForm(PasswordPage):
    """A new password, after a recovery or in a new activation."""

    helper = layout(*NEW_PASSWORD)

    def __init__(self, data: QueryDict | None = None, *, holder: KeyHolder) -> None:
        super().__init__(data, of=holder.pk)
        self.holder = holder

    @override
    @sensitive_variables()
    def known_words(self) -> tuple[str, ...]:
        holder = self.holder
        return (holder.user_name, holder.email, *context_words.of_holder(holder))


class ChangePasswordForm(NewPasswordForm):
    """Changing the password while signed in.

    The present password has to be typed each time, because another person may find the
    page open.
    """

    helper = layout(Question("present"), *NEW_PASSWORD)
    field_order = ("present", "password", "password_again")
    retyped = {
        "present": _("Type your present password again too."),
        **NewPasswordForm.retyped,
    }

    present = password_field(
        _("Your present password"),
        autocomplete="current-password",
        missing=_("Type your present password."),
    )


class EmailForm(AddressForm):
    email = EmailField(
        label=_("Your new e-mail address"),
        help_text=_(
            "An address whose e-mails only you read, and not the one of your work."
        ),
        error_messages={
            "required": _("Type your e-mail address."),
        },
        widget=forms.TextInput(
            attrs=_input("text", inputmode="email", autocomplete="email")
        ),
    )


class LanguageForm(PageForm):
    helper = layout(TemplateRow("language", "activation/holder/_languages.html"))

    language = forms.ChoiceField(
        label=_("Language of the e-mails"),
        choices=Language,
        error_messages={
            "required": _("Choose a language."),
            "invalid_choice": _("Choose a language."),
        },
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )


class ForgottenForm(PageForm):
    name = forms.CharField(
        label=_("Your e-mail address or your user name"),
        help_text=_("The address where you get the e-mails about your keys."),
        max_length=254,
        error_messages={"required": _("Type your e-mail address or your user name.")},
        widget=forms.TextInput(
            attrs=_input("text", inputmode="email", autocomplete="username")
        ),
    )
