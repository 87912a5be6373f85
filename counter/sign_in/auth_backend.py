"""Who may sign in as staff."""

from typing import Any, override

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from counter.models import Clerk
from counter.staff.demo_accounts import DEMO_ACCOUNTS


class StaffBackend(ModelBackend):
    """Django's backend, which refuses the passwords of counter.staff.demo_accounts.

    A demo account in a real database, from a restored backup or a seed with the wrong
    settings, lets nobody in, without any command that somebody has to remember.
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
            # An empty one is compared, so that this refusal is as slow as others.
            password = ""
        return super().authenticate(request, username, password, **kwargs)

    @override
    def get_user(self, user_id: Any) -> Clerk | None:
        """The account with office, session and desk, which every page of the desk
        needs.
        """
        rows = Clerk.objects.select_related("office", "sign_in__desk")
        clerk = rows.filter(pk=user_id).first()
        return clerk if self.user_can_authenticate(clerk) else None


def is_demo_password(password: str | None) -> bool:
    return password in {account.password for account in DEMO_ACCOUNTS}
