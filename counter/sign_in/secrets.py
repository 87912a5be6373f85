"""Compares the secrets of staff; tries are counted and failures are journalled.

All code that compares a password or an app's digits of staff must use `check_secret`.
The admin uses the same sign-in page (counter.supervision.site), so there is no way
around it. The sign-in page never reveals whether a user name exists or is blocked, or
only the password is wrong: the sentence is always the same, and a hash is also computed
for an unknown user name.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.city_sign_on import password_way
from counter.enums import StaffSecret
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.sign_in import failed_sign_ins, hashing_places, tries
from counter.sign_in.hashing_places import NoPlaceError
from counter.sign_in.tries import Door, NotComparedError
from counter.web.form_layout import Row, layout


class BusyError(NotComparedError):
    """Too many passwords are being compared now, so this one was not compared."""

    status = 503
    seconds = hashing_places.RETRY_AFTER

    def __init__(self) -> None:
        super().__init__(
            _("Very many people sign in just now. Wait a moment and try again."),
            code="busy",
        )


@sensitive_variables()
def check_secret[Proof](
    compare: Callable[[], Proof],
    *,
    user_name: str,
    door: Door,
    at: datetime,
) -> Proof:
    """Compare a secret that was typed for this user name, and return the result.

    `compare` does it, and raises ValidationError when the secret is wrong; this error
    is passed on. The try is counted as failed before the comparison, in the counts of
    `door` (counter.sign_in.tries). While one of them has to wait, nothing is compared
    or written, and StaffWaitError is raised. Raises BusyError when too many people send
    passwords at once.

    Each failure is written in the journal, in the office of the account. Those of the
    sign-in page follow at the end of the hour (counter.sign_in.failed_sign_ins),
    because there may be many. An unknown user name is not written, because it may be a
    password typed in the wrong field.
    """
    tries.check_waiting(door.counts, at=at)
    try:
        with door.places.take() if door.places else nullcontext():
            claimed = tries.claim(door.counts, at=at)
            try:
                proof = compare()
            except ValidationError:
                _note(user_name, door, at=at)
                raise
    except NoPlaceError:
        raise BusyError from None
    tries.was_right(claimed, at=at)
    return proof


@sensitive_variables()
def _note(user_name: str, door: Door, *, at: datetime) -> None:
    """Record a failure: on the public sign-in page as a count, in a session at once in
    the journal, so that it is seen while the person is still there.
    """
    if door.network is not None:
        failed_sign_ins.note(
            user_name=user_name,
            network=door.network,
            form=door.form,
            secret=door.secret,
            at=at,
        )
        return
    account = Clerk.objects.filter(username=user_name).first()
    near = account or door.screen_of
    journal.write(
        Event.SIGN_IN_FAILED,
        {
            "account": account.username if account else "",
            "form": door.form,
            "secret": door.secret,
        },
        clerk=door.screen_of,
        office=near.office if near else None,
    )


class SignInForm(AuthenticationForm):
    """The first step of signing in."""

    helper = layout(Row("username"), Row("password"))

    error_messages = {
        "invalid_login": _("This user name and password do not belong together."),
        "inactive": _("This user name and password do not belong together."),
    }

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        if self.request is None:
            raise ImproperlyConfigured("Nobody's tries can be counted.")
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return self.cleaned_data
        data = check_secret(
            super().clean,
            user_name=name,
            door=tries.at_sign_in_page(self.request, name, StaffSecret.PASSWORD),
            at=timezone.now(),
        )
        # Only now: this refusal is shown only to people who know the password.
        password_way.check(self.get_user())
        return data
