"""Asks a clerk for password and digits again, before they change their passkeys.

At an unattended screen anybody could add a passkey of their own, and may have seen the
password when it was typed. So both are always asked for. The proof is then valid for
five minutes, and for one change.
"""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm, StaffSecret
from counter.models import Clerk
from counter.sign_in import sign_in_app, tries
from counter.staff import reauthentication
from counter.web.form_fields import SixDigitsField
from counter.web.form_layout import Row, layout

_PROVED: Final = "proved_for_passkeys"
_SECONDS: Final = 5 * 60


def is_fresh(request: HttpRequest, clerk: Clerk, *, at: datetime) -> bool:
    whose, since = request.session.get(_PROVED, (0, 0))
    return bool(whose == clerk.pk and 0 <= int(at.timestamp()) - since <= _SECONDS)


def drop(request: HttpRequest) -> None:
    """End the proof after one change, so the next person at the screen has none."""
    request.session.pop(_PROVED, None)


def note(request: HttpRequest, clerk: Clerk, *, at: datetime) -> None:
    request.session[_PROVED] = (clerk.pk, int(at.timestamp()))
    reauthentication.confirm(request)


class ProofForm(forms.Form):
    """Password and digits. With a wrong password the digits are not used up."""

    helper = layout(Row("password"), Row("digits"))

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(
            attrs={
                "autocomplete": "current-password",
                "autofocus": True,
                "class": "form-control",
            }
        ),
    )
    digits = SixDigitsField(label=_("Six digits of your app"))
    use_required_attribute = False

    def __init__(self, *args: Any, clerk: Clerk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clerk = clerk

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        place = SecretForm.PASSKEYS
        try:
            reauthentication.check_password(self._clerk, data["password"], form=place)
        except forms.ValidationError as error:
            self.add_error("password", error)
            return data
        try:
            sign_in_app.accept(
                clerk=self._clerk,
                typed=data["digits"],
                door=tries.in_session(self._clerk, place, StaffSecret.DIGITS),
                at=timezone.now(),
            )
        except forms.ValidationError as error:
            self.add_error("digits", error)
        return data
