"""The form in which a second supervisor agrees to the reset of a colleague's app.

One supervisor alone could reset the app, set a new password by a mailed link, set up an
app of their own, and then sign in as the colleague.
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
    """Asks for name, password and digits of a second supervisor.

    After `is_valid()`, `supervisor` is who agreed: a supervisor of the account's
    office, or a superuser without an office; never the owner of the account nor `by`.
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
