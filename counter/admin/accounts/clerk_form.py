"""The form of an account in the admin."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from django import forms
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from counter.admin.accounts.leaving import leaves
from counter.desk import registry
from counter.models import Clerk

if TYPE_CHECKING:
    _ClerkForm = ModelForm[Clerk]
else:
    _ClerkForm = ModelForm


class ClerkForm(_ClerkForm):
    """An account without its password, which its owner sets
    (counter.staff.password_links).

    The name is required, because family is recognised by it (counter.people.kinship);
    the address too, because the link for a password is mailed to it. An account that
    was saved without them can be switched off as it is.
    """

    NEEDED: ClassVar = (*Clerk.NAMES, "email")

    #: Shown when the account would leave something unfinished (`_ask_first`).
    leave_anyway = forms.BooleanField(
        label=_("Do it all the same"),
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Clerk
        exclude = ("password",)
        help_texts: ClassVar = {
            "username": "",
            "is_active": _(
                "Untick it for whoever does not work here any more: they are signed "
                "out at once, and what they did keeps their name."
            ),
        }

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._missing = set()
        if self.instance._state.adding and "username" in self.fields:
            self.fields["username"].required = False
            self.fields["username"].help_text = _(
                "Empty: what stands before the @ of the address."
            )
        for name in self.fields.keys() & set(self.NEEDED):
            is_old = self.instance.pk is not None and not getattr(self.instance, name)
            self.fields[name].required = not is_old
            if is_old:
                self._missing.add(name)

    @override
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("is_active", self.instance.is_active):
            for name in self._missing - self.errors.keys():
                if not data.get(name):
                    required = self.fields[name].error_messages["required"]
                    self.add_error(name, ValidationError(required, code="required"))
        if self.instance._state.adding:
            email = data.get("email") or ""
            data["username"] = data.get("username") or email.partition("@")[0].lower()
        elif not self.errors:
            self._ask_first(data)
        return data

    def _ask_first(self, data: dict[str, Any]) -> None:
        """Refuse the form once, with what the account would leave unfinished.

        The supervisor can finish that first, or tick `leave_anyway`.
        """
        if data.get("leave_anyway") or not leaves(self):
            return
        if left := list(registry.left_behind(self.instance)):
            self.fields["leave_anyway"].widget = forms.CheckboxInput()
            self.add_error(
                None, [ValidationError(sentence, code="left") for sentence in left]
            )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        others = Clerk.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and others.exists():
            raise ValidationError(
                _("Another account has this e-mail address. Each has its own.")
            )
        return email
