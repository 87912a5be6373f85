"""The screen that locks when nobody is at it (docs/security.md#sessions).

The session stays and so does everything typed; what is on the desk is out of reach
until the same clerk types the password, or somebody else signs in. The session keeps
three times and a mark, and nothing about anybody.
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

#: Idle until the screen locks.
STAFF_IDLE_MINUTES: Final = 15
ADMIN_IDLE_MINUTES: Final = 10
#: From signing in until the password alone does not reopen it; at the desk a whole
#: session.
ADMIN_HOURS: Final = 4
ACTIVE_AT: Final = "active_at"
SIGNED_IN_AT: Final = "signed_in_at"
#: A form was sent to the locked screen: the next page says that it was not taken.
_UNSAVED: Final = "unsaved"
# Writing the session at every request would cost a query; half a minute is near enough.
_WRITTEN_EVERY: Final = 30

NOT_SAVED: Final = _("What you sent to the locked screen was not saved: do it again.")

#: What a locked screen still answers to. A draft only goes in, and its page may send
#: it while it is being left for the lock.
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
    """After how many idle seconds this page locks; fewer in the admin than
    at the desk.
    """
    return 60 * (ADMIN_IDLE_MINUTES if _in_admin(request) else STAFF_IDLE_MINUTES)


def is_over(request: HttpRequest, now: int) -> bool:
    """Whether the session is so old that the password alone does not reopen it."""
    hours = ADMIN_HOURS if _in_admin(request) else STAFF_HOURS
    return bool(now - request.session.get(SIGNED_IN_AT, now) > hours * 60 * 60)


def is_locked(request: HttpRequest, clerk: Clerk, now: int) -> bool:
    """Whether the screen is locked. Locks it when nobody was there for too long."""
    if now - request.session.get(ACTIVE_AT, now) > idle_seconds(request):
        lock(clerk)
    return clerk.sign_in.screen_locked_at is not None


def lock(clerk: Clerk) -> None:
    """Lock the clerk's screen: their one session, in whatever tab.

    In the sign-in record, because a session is saved whole: what was under way when it
    locked would write the session back as it was before.
    """
    at = timezone.now()
    rows = SignInRecord.objects.filter(clerk=clerk, screen_locked_at=None)
    rows.update(screen_locked_at=at)
    clerk.sign_in.screen_locked_at = clerk.sign_in.screen_locked_at or at


def note_work(request: HttpRequest, now: int) -> None:
    """Note that somebody is working.

    A GET that htmx marks was sent by the page itself, and does not count.
    """
    session = request.session
    session.setdefault(SIGNED_IN_AT, now)
    if ACTIVE_AT in session:
        reauthentication.note(request, idle_seconds=now - session[ACTIVE_AT])
    by_itself = request.method == "GET" and is_part(request)
    if not by_itself and now - session.get(ACTIVE_AT, 0) >= _WRITTEN_EVERY:
        session[ACTIVE_AT] = now


def unlock(request: HttpRequest, clerk: Clerk) -> bool:
    """Open the screen; True when a form was sent while it was locked, and lost.

    Password and digits that were proved before it locked were perhaps somebody else's:
    whoever changes passkeys now proves both anew (counter.passkeys.proof).
    """
    SignInRecord.objects.filter(clerk=clerk).update(screen_locked_at=None)
    clerk.sign_in.screen_locked_at = None
    request.session[ACTIVE_AT] = int(timezone.now().timestamp())
    reauthentication.confirm(request)
    proof.drop(request)
    journal.write(Event.SCREEN_UNLOCKED, clerk=clerk)
    return bool(request.session.pop(_UNSAVED, False))


def to_lock_screen(request: HttpRequest, *, kept_at: str = "") -> HttpResponse:
    """Lead to the lock screen, which leads back to where the clerk was.

    `kept_at` is the page where what this request sent was kept, if it was. The whole
    page changes, also when htmx asked for a part of it.
    """
    if request.method == "POST" and not is_part(request) and not kept_at:
        request.session[_UNSAVED] = True
    address = address_of_lock(kept_at or page_of(request))
    if is_part(request):
        return HttpResponseClientRedirect(address)
    return SeeOther(address)


def ask_who_is_there(request: HttpRequest) -> HttpResponse | None:
    """Lock the screen when it was idle before this request; None when it was not.

    For pages of the admin, which have no field for the password themselves
    (counter.staff.reauthentication).
    """
    if not isinstance(request.user, Clerk) or not reauthentication.is_asked(request):
        return None
    lock(request.user)
    return to_lock_screen(request)


def lock_first(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """As `ask_who_is_there`, for a form that cannot ask
    (counter.staff.reauthentication.NoPasswordError).
    """
    lock(clerk)
    return to_lock_screen(request)


def address_of_lock(back: str) -> str:
    """The lock screen's address, with the page to come back to."""
    query = f"?{urlencode({'next': back})}" if back else ""
    return reverse("counter_sign_in:unlock") + query


def _in_admin(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


class UnlockForm(forms.Form):
    """The password of the screen's own clerk; tries count for the session."""

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
