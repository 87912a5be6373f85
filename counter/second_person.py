"""A supervisor who agrees at the clerk's own desk, with all that a sign-in asks.

The person waits at the counter, so the supervisor comes to the screen and not the
screen to the supervisor. Tries are counted like sign-ins, and nobody is signed in.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter import second_factor
from counter.enums import Role
from counter.fields import SixDigitsField
from counter.models import Clerk
from counter.presence import PresenceForm
from counter.sign_in import claim_try, forget_tries, wait_sentence


class SupervisorForm(PresenceForm):
    """After `is_valid()` `supervisor` is who agreed: of the clerk's own office.

    A supervisor at work agrees by sending the form.
    """

    def __init__(
        self, *args: Any, request: HttpRequest, clerk: Clerk, **kwargs: Any
    ) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.clerk = clerk
        self.supervisor = clerk
        if clerk.role == Role.SUPERVISOR:
            return
        off = {"autocomplete": "off", "class": "form-control"}
        self.fields["supervisor_name"] = forms.CharField(
            label=_("User name of the supervisor"),
            max_length=150,
            widget=forms.TextInput(attrs=off),
        )
        self.fields["supervisor_password"] = forms.CharField(
            label=_("Password of the supervisor"),
            max_length=128,
            strip=False,
            widget=forms.PasswordInput(attrs=off),
        )
        if second_factor.is_required():
            self.fields["supervisor_digits"] = SixDigitsField(
                label=_("Six digits of the supervisor's app")
            )

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        name = data.get("supervisor_name")
        password = data.get("supervisor_password")
        if not name or not password or self.errors:
            return data
        at = timezone.now()
        if wait := claim_try(name, at=at):
            raise ValidationError(wait_sentence(wait), code="wait")
        supervisors = Clerk.objects.visible_to(self.clerk).supervisors()
        found = supervisors.filter(username=name).first()
        if found is None:
            make_password(password)  # as long as comparing takes
        if found is None or not found.check_password(password):
            raise ValidationError(
                _("This is no user name and password of a supervisor of this office."),
                code="supervisor",
            )
        forget_tries(name, at=at)
        if second_factor.is_required():
            self._accept(found, data["supervisor_digits"], at=at)
        self.supervisor = found
        return data

    @sensitive_variables()
    def _accept(self, supervisor: Clerk, digits: str, *, at: datetime) -> None:
        try:
            second_factor.accept(clerk=supervisor, typed=digits, at=at)
        except ValidationError as error:
            self.add_error("supervisor_digits", error)
