"""A second supervisor agrees, at the screen, that a colleague's app is reset.

Whoever resets an app could set up one of their own next and sign in as the colleague,
with a password that a link from the same hands chose.
"""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm
from counter.models import Clerk
from counter.staff.supervisor_approval import ask, prove


class ResetAppForm(forms.Form):
    """The form of a reset, with the supervisor who agrees.

    After `is_valid()` that is `supervisor`: of the account's office, or above the
    offices, and neither the owner nor who asks.
    """

    def __init__(self, *args: Any, clerk: Clerk, by: Clerk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clerk, self._by = clerk, by
        self.supervisor: Clerk | None = None
        ask(
            self,
            "supervisor",
            name=_("User name of the second supervisor"),
            password=_("Password of the second supervisor"),
            digits=_("Six digits of the second supervisor's app"),
        )
        self.fields["supervisor_name"].widget.attrs["autofocus"] = True

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        here = Q(office=self._clerk.office_id)
        above = Q(office=None, is_superuser=True)
        others = Clerk.objects.supervisors().filter(here | above)
        self.supervisor = prove(
            self,
            "supervisor",
            others.exclude(pk__in=(self._clerk.pk, self._by.pk)),
            _("This is no user name and password of a second supervisor."),
            place=SecretForm.RESET_APP,
            screen_of=self._by,
        )
        return data
