"""A form belongs to the account that it was shown for.

Two holders use one browser in two tabs, and the second one's sign-in takes the first
one's place in the session. What the first one still has on the screen must then do
nothing: it would change somebody else's account, or cost them a try.
"""

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from activation.web import pages

#: Lines of the session: who is signed in, and who is on the way in.
HOLDER: Final = "holder_id"
STAGE_OF: Final = "holder_stage_of"
EPOCH: Final = "holder_epoch"
#: Lines of who is on the way in (activation.holder.sessions.stages).
STAGE: Final = "holder_stage"
STAGE_AT: Final = "holder_stage_at"
STAGE_TRIES: Final = "holder_stage_tries"
CLOCK: Final = "holder_clock"
MAILED: Final = "holder_recovery_code_id"
#: The field of each form that names whose page it was on.
FIELD: Final = "account"

#: Lines of who is signed in: since when, and when the browser was heard of last.
STARTED: Final = "holder_started_at"
SEEN: Final = "holder_seen_at"
IDLE: Final = timedelta(minutes=15)
IN_ALL: Final = timedelta(minutes=60)

_REFERENCE: Final = 22


def signed_in_pk(request: HttpRequest, *, at: datetime) -> str | None:
    """Whose account is open here; None as well when it has been for too long.

    Whether all sessions of that account were ended meanwhile is not looked at.
    """
    session = request.session
    if HOLDER not in session:
        return None
    seen = datetime.fromisoformat(session[SEEN])
    started = datetime.fromisoformat(session[STARTED])
    is_over = at >= seen + IDLE or at >= started + IN_ALL
    return None if is_over else str(session[HOLDER])


def reference(request: HttpRequest) -> str:
    """Whose pages these are; of nobody's account too, like any other. "" for no one."""
    pk = request.session.get(HOLDER) or request.session.get(STAGE_OF)
    if not pk:
        return ""
    return salted_hmac(__name__, pk, algorithm="sha256").hexdigest()[:_REFERENCE]


def is_of_another(request: HttpRequest) -> bool:
    """Whether a form was shown for somebody else than who is in this session now."""
    shown_for = request.POST.get(FIELD, "") if request.method == "POST" else ""
    now = reference(request)
    return bool(shown_for and now) and not constant_time_compare(shown_for, now)


def refuse(request: HttpRequest, to: str) -> HttpResponse:
    """On to the page `to`, which says that nothing was done."""
    messages.warning(
        request,
        _(
            "That page belonged to another account, which is no longer open in this "
            "browser. Nothing was changed."
        ),
    )
    return pages.see_other(to)
