"""Locks the screen when nobody works at it (docs/security.md#sessions).

The session continues, and drafts are kept. But no page of the desk can be opened until
the same clerk types the password, or somebody else signs in. The session only stores
three timestamps and a flag, no personal data.
"""

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django_htmx.http import HttpResponseClientRedirect

from counter.enums import SecretForm
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, SignInRecord
from counter.passkeys import proof
from counter.sign_in.single_session import STAFF_HOURS
from counter.staff import reauthentication
from counter.staff.access import is_part, page_of
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther

#: After this many idle minutes the screen locks.
STAFF_IDLE_MINUTES: Final = 15
ADMIN_IDLE_MINUTES: Final = 10
#: This long after signing in, the password alone no longer unlocks the admin. At the
#: desk it is the length of a session.
ADMIN_HOURS: Final = 4
ACTIVE_AT: Final = "active_at"
SIGNED_IN_AT: Final = "signed_in_at"
#: Set when a form was sent to a locked screen: the next page says it was not saved.
_UNSAVED: Final = "unsaved"
# The session is saved at most this often (in seconds), to save a query at each request.
_WRITTEN_EVERY: Final = 30

NOT_SAVED: Final = _("What you sent to the locked screen was not saved: do it again.")

#: The views that still work on a locked screen. Saving a draft reveals nothing, and the
#: recording page may send it at the moment in which the screen locks.
OPEN_WHEN_LOCKED: Final = frozenset(
    {
        "counter_city_sign_on:come_back",
        "counter_city_sign_on:unlock",
        "counter_sign_in:lock",
        "counter_sign_in:unlock",
        "counter_sign_in:sign_in",
        "counter_sign_in:sign_out",
        "counter_sign_in:switch_language",
        "counter_dossiers:save_draft",
    }
)


def idle_seconds(request: HttpRequest) -> int:
    """After how many idle seconds this page locks; fewer in the admin."""
    return 60 * (ADMIN_IDLE_MINUTES if _in_admin(request) else STAFF_IDLE_MINUTES)


def is_over(request: HttpRequest, now: int) -> bool:
    """Whether the session is so old that the password alone does not reopen it."""
    hours = ADMIN_HOURS if _in_admin(request) else STAFF_HOURS
    return bool(now - request.session.get(SIGNED_IN_AT, now) > hours * 60 * 60)


def is_locked(request: HttpRequest, clerk: Clerk, now: int) -> bool:
    """Whether the screen is locked. Locks it first when it was idle for too long."""
    if now - request.session.get(ACTIVE_AT, now) > idle_seconds(request):
        lock(clerk)
    return clerk.sign_in.screen_locked_at is not None


def lock(clerk: Clerk) -> None:
    """Lock the clerk's screen, in all tabs of the clerk's only session.

    The lock is stored in the sign-in record. The session would not do: it is saved as a
    whole, so a concurrent request could overwrite the lock.
    """
    at = timezone.now()
    rows = SignInRecord.objects.filter(clerk=clerk, screen_locked_at=None)
    rows.update(screen_locked_at=at)
    clerk.sign_in.screen_locked_at = clerk.sign_in.screen_locked_at or at


def note_work(request: HttpRequest, now: int) -> None:
    """Note in the session that the clerk is working.

    A GET request by htmx does not count, because the page sends it by itself.
    """
    session = request.session
    session.setdefault(SIGNED_IN_AT, now)
    if ACTIVE_AT in session:
        reauthentication.note(request, idle_seconds=now - session[ACTIVE_AT])
    by_itself = request.method == "GET" and is_part(request)
    if not by_itself and now - session.get(ACTIVE_AT, 0) >= _WRITTEN_EVERY:
        session[ACTIVE_AT] = now


def unlock(request: HttpRequest, clerk: Clerk) -> bool:
    """Unlock the screen. Returns True when a form was sent while it was locked: it was
    not saved.

    Password and digits that were checked before the lock no longer count, because
    another person may have typed them: changing passkeys asks for them again
    (counter.passkeys.proof).
    """
    SignInRecord.objects.filter(clerk=clerk).update(screen_locked_at=None)
    clerk.sign_in.screen_locked_at = None
    request.session[ACTIVE_AT] = int(timezone.now().timestamp())
    reauthentication.confirm(request)
    proof.drop(request)
    journal.write(Event.SCREEN_UNLOCKED, clerk=clerk)
    return bool(request.session.pop(_UNSAVED, False))


def to_lock_screen(request: HttpRequest, *, kept_at: str = "") -> HttpResponse:
    """Redirect to the lock screen, which leads back to the clerk's page.

    `kept_at` is the URL of the draft in which the data of this request were saved, if
    any. The whole page is redirected, also when htmx requested a part of it.
    """
    if request.method == "POST" and not is_part(request) and not kept_at:
        request.session[_UNSAVED] = True
    address = address_of_lock(kept_at or page_of(request))
    if is_part(request):
        return HttpResponseClientRedirect(address)
    return SeeOther(address)


def ask_who_is_there(request: HttpRequest) -> HttpResponse | None:
    """Lock the screen when the password is required after a pause; otherwise None.

    For pages of the admin, whose forms have no field for the password
    (counter.staff.reauthentication).
    """
    if not isinstance(request.user, Clerk) or not reauthentication.is_asked(request):
        return None
    lock(request.user)
    return to_lock_screen(request)


def lock_first(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Lock the screen for a form that cannot ask for a password, because the clerk has
    none (counter.staff.reauthentication.NoPasswordError).
    """
    lock(clerk)
    return to_lock_screen(request)


def address_of_lock(back: str) -> str:
    """The URL of the lock screen, with the page to return to."""
    query = f"?{urlencode({'next': back})}" if back else ""
    return reverse("counter_sign_in:unlock") + query


def _in_admin(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


class UnlockForm(forms.Form):
    """Asks for the password of the signed-in clerk; tries count for the session."""

    helper = layout(Row("password"))

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

    def __init__(self, *args: Any, clerk: Clerk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clerk = clerk

    @sensitive_variables()
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        reauthentication.check_password(self.clerk, password, form=SecretForm.LOCK)
        return password
