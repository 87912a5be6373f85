"""Signing in as staff: counted per user name, and written in the journal.

The admin sends strangers to the same page (counter.supervision), so neither is a way
around the other. Whether a name exists, is blocked or has another password is never
said: one sentence for all, and the same hash is computed for a name nobody has.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables

from counter import encryption, journal
from counter.enums import Event
from counter.models import SignInFailure
from counter.querysets import SIGN_IN_FORGOTTEN

PURPOSE = "user name at sign-in"
_SECONDS = 60


def _index(user_name: str, purpose: str) -> bytes:
    kid = next(iter(settings.INDEX_KEYS))
    return encryption.index(user_name, purpose=purpose, kid=kid)


def claim_try(user_name: str, *, at: datetime, purpose: str = PURPOSE) -> timedelta:
    """Count this try as failed, before what was typed is compared.

    Zero when it may go on; otherwise how long whoever tries this name has to wait,
    and nothing is counted. Each purpose has its own count (counter.second_factor).
    """
    index = _index(user_name, purpose)
    row = SignInFailure.objects.filter(name_index=index)
    if row.claim_try(at):
        return timedelta(0)
    # Nobody's row yet, or one that has to wait. Made with no failure in it, so that
    # of several first tries at once each is counted by the same update.
    free = at - SIGN_IN_FORGOTTEN
    new = SignInFailure(name_index=index, last_at=at, free_from=free)
    SignInFailure.objects.bulk_create([new], ignore_conflicts=True)
    if row.claim_try(at):
        return timedelta(0)
    blocked = row.first()
    return blocked.free_from - at if blocked else timedelta(0)


def forget_tries(user_name: str, *, at: datetime, purpose: str = PURPOSE) -> None:
    """It was right; what others left behind long ago goes with it."""
    SignInFailure.objects.filter(name_index=_index(user_name, purpose)).delete()
    SignInFailure.objects.stale(at).delete()


def wait_sentence(wait: timedelta) -> str:
    seconds = int(wait.total_seconds()) + 1
    if seconds <= _SECONDS:
        return ngettext(
            "Too many tries under this name. Wait %(n)d second.",
            "Too many tries under this name. Wait %(n)d seconds.",
            seconds,
        ) % {"n": seconds}
    minutes = -(-seconds // _SECONDS)
    return ngettext(
        "Too many tries under this name. Wait %(n)d minute.",
        "Too many tries under this name. Wait %(n)d minutes.",
        minutes,
    ) % {"n": minutes}


class SignInForm(AuthenticationForm):
    """The first step: counts the try, refuses or compares, and notes a failure."""

    error_messages = {
        "invalid_login": _("This user name and password do not belong together."),
        "inactive": _("This user name and password do not belong together."),
    }

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        password = self.cleaned_data.get("password")
        if not name or not password:
            return super().clean()
        at = timezone.now()
        wait = claim_try(name, at=at)
        if wait:
            raise ValidationError(wait_sentence(wait), code="wait")
        try:
            cleaned = super().clean()
        except ValidationError:
            journal.write(Event.SIGN_IN_FAILED)
            raise
        forget_tries(name, at=at)
        return cleaned
