"""The admin's form for changing one's own password, with a limit on wrong tries."""

from typing import override

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from counter.enums import SecretForm
from counter.models import Clerk
from counter.sign_in import tries
from counter.sign_in.secrets import check_secret


class OwnPasswordForm(AdminPasswordChangeForm):
    """Django's form, which also counts wrong tries of the present password.

    Without that, somebody at an unlocked screen could guess without end. It saves the
    password alone: the rest of the account was read when the request began, and a
    supervisor may have changed or switched it off since.
    """

    @override
    @sensitive_variables()
    def clean_old_password(self) -> str:
        return check_secret(
            super().clean_old_password,
            user_name=self.user.get_username(),
            door=tries.in_session(self.user, SecretForm.OWN_PASSWORD),
            at=timezone.now(),
        )

    @override
    @sensitive_variables()
    def save(self, commit: bool = True) -> Clerk:
        clerk: Clerk = super().save(commit=False)
        if commit:
            clerk.save(update_fields=["password"])
        return clerk
