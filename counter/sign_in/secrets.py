"""What staff prove themselves with: counted by whoever types it, failures journalled.

`check_secret` is the one way to compare a password or an app's digits of staff, in
whichever form they are typed. The admin sends strangers to the same sign-in page
(counter.supervision.site), so neither is a way around the other. Whether a name exists,
is blocked or has another password is never said: one sentence for all, and the same
hash is computed for a name nobody has.
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
    """Too many sign-ins at this moment: this one was not compared."""

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
    """Let `compare` look at a secret that was typed for this user name.

    `compare` raises ValidationError when it is wrong; what it returns is returned.
    Raises ValidationError with the sentence. The try is counted before it is compared,
    by the counts of `door` (counter.sign_in.tries): while one of them has to wait,
    nothing is compared or written, and it is a StaffWaitError. Where anybody can send a
    password it is a BusyError when too many do.

    Each wrong one is in the journal, in the office of the account. At the sign-in page
    there may be very many: those are there an hour later
    (counter.sign_in.failed_sign_ins). A name that is no account's is not written down:
    it may be somebody's password.
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
    """Write a failure down; in a session at once, to be seen while the
    person is there.
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
        # Told to nobody but who knows the password.
        password_way.check(self.get_user())
        return data
