"""The authentication backend for staff."""

from typing import Any, override

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from counter.models import Clerk
from counter.staff.demo_accounts import DEMO_ACCOUNTS


class StaffBackend(ModelBackend):
    """Django's backend, which refuses the passwords of counter.staff.demo_accounts.

    A real database may get demo accounts, from a restored backup or from demo data
    loaded by mistake. Nobody can sign in with these, and no command has to be run.
    """

    @override
    @sensitive_variables()
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Clerk | None:
        if not settings.DEMO_ALLOWED and is_demo_password(password):
            # Compare an empty password, so that this refusal takes as long as others.
            password = ""
        return super().authenticate(request, username, password, **kwargs)

    @override
    def get_user(self, user_id: Any) -> Clerk | None:
        """The active account, loaded with office, sign-in record and desk: every page
        of the desk needs them.
        """
        rows = Clerk.objects.select_related("office", "sign_in__desk")
        clerk = rows.filter(pk=user_id).first()
        return clerk if self.user_can_authenticate(clerk) else None


def is_demo_password(password: str | None) -> bool:
    return password in {account.password for account in DEMO_ACCOUNTS}
