"""One person's way from the link to the key, between the pages.

Two things are remembered, and both hold ids and times only:

- the **link cookie**, signed, for an hour: which code's link was opened, and whether
  the last wrong code was typed here. It is in the browser alone, so that opening a
  link writes nothing here, whoever opens it;
- the **session**, once the code was typed: idle 15 minutes, 60 minutes in all
  (SECURITY.md, section 1). It is Django's own; a clerk who tries the pages in the
  same browser stays signed in.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import wraps
from typing import Concatenate, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from activation.enums import CodeState
from activation.exceptions import CodeEndedError, TooManyRequestsError
from activation.models import ActivationCode, DigitalKey, KeyHolder
from activation.services.accounts import holder_with_key
from activation.services.throttling import address_of, count_request
from activation.views import pages
from counter.enums import DossierState

IDLE: Final = timedelta(minutes=15)
IN_ALL: Final = timedelta(minutes=60)
DONE_FOR: Final = timedelta(minutes=15)

_LINK_SALT: Final = "activation.link"
_LOCKED_HERE: Final = ".locked"
_CODE: Final = "activation_code_id"
_STARTED: Final = "activation_started_at"
_SEEN: Final = "activation_seen_at"
_ACCOUNT: Final = "activation_account_at"
_KEY: Final = "activation_key_id"
_DONE: Final = "activation_done_key_id"
_DONE_AT: Final = "activation_done_at"
_DONE_ACCOUNT: Final = "activation_done_account"
_DONE_STARTED: Final = "activation_done_started_at"
_AGAIN: Final = "activation_again_code_id"
_AGAIN_AT: Final = "activation_again_at"
_OURS: Final = (
    *(_CODE, _STARTED, _SEEN, _ACCOUNT, _KEY, _DONE, _DONE_AT, _DONE_ACCOUNT),
    *(_DONE_STARTED, _AGAIN, _AGAIN_AT),
)

type StepView[**P] = Callable[Concatenate[HttpRequest, ActivationCode, P], HttpResponse]


class Standing(Enum):
    NONE = auto()
    GOING_ON = auto()
    OVER = auto()


# The link cookie


def _cookie() -> str:
    return "__Host-activation" if settings.SESSION_COOKIE_SECURE else "activation"


def remember_link(
    response: HttpResponse, code_id: uuid.UUID, *, locked_here: bool = False
) -> None:
    response.set_signed_cookie(
        _cookie(),
        f"{code_id.hex}{_LOCKED_HERE if locked_here else ''}",
        salt=_LINK_SALT,
        max_age=int(IN_ALL.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_link(response: HttpResponse) -> None:
    response.delete_cookie(_cookie(), path="/", samesite="Lax")


def linked_code_id(request: HttpRequest) -> uuid.UUID | None:
    """The code whose link was opened in this browser within the hour."""
    value = _remembered(request).removesuffix(_LOCKED_HERE)
    return uuid.UUID(hex=value) if value else None


def _remembered(request: HttpRequest) -> str:
    value = request.get_signed_cookie(
        _cookie(), "", salt=_LINK_SALT, max_age=int(IN_ALL.total_seconds())
    )
    return value or ""


# The session


def start(request: HttpRequest, code: ActivationCode, *, at: datetime) -> None:
    """The code was typed: a new session key, and the clocks start."""
    _drop(request)
    request.session.cycle_key()
    request.session[_CODE] = str(code.pk)
    request.session[_STARTED] = request.session[_SEEN] = at.isoformat()


def standing(request: HttpRequest, *, at: datetime) -> Standing:
    session = request.session
    if _CODE not in session:
        return Standing.NONE
    seen = datetime.fromisoformat(session[_SEEN])
    started = datetime.fromisoformat(session[_STARTED])
    over = at >= seen + IDLE or at >= started + IN_ALL
    return Standing.OVER if over else Standing.GOING_ON


def code_id(request: HttpRequest) -> uuid.UUID | None:
    """The code that was typed in this session, whether the time is over or not."""
    value = request.session.get(_CODE)
    return uuid.UUID(value) if value else None


def account_chosen(request: HttpRequest, *, at: datetime) -> None:
    request.session[_ACCOUNT] = at.isoformat()


def needs_account(request: HttpRequest, code: ActivationCode, *, at: datetime) -> bool:
    """Whether user name and password are still to be chosen in this visit.

    Who came with an account that has an active key keeps it.
    """
    if _ACCOUNT in request.session:
        return False
    return holder_with_key(code.dossier.applicant, at=at) is None


def key_chosen(request: HttpRequest, key: DigitalKey) -> None:
    request.session[_KEY] = str(key.pk)


def key_id(request: HttpRequest) -> uuid.UUID | None:
    value = request.session.get(_KEY)
    return uuid.UUID(value) if value else None


def finish(request: HttpRequest, key: DigitalKey, *, at: datetime) -> None:
    """The key is active: all is forgotten but its id, so that a reload shows it.

    The id goes after a quarter of an hour. That there was a key stays in the session,
    so that the page is not one that asks for a link then.

    The session key stays: of two requests at once, the other one would find its
    session gone, and it wins nothing, because there is less in it than before.
    """
    chose_account = _ACCOUNT in request.session
    started = request.session.get(_STARTED)
    _drop(request)
    if chose_account and started:
        request.session[_DONE_ACCOUNT] = key.holder.session_epoch
        request.session[_DONE_STARTED] = started
    request.session[_DONE] = str(key.pk)
    request.session[_DONE_AT] = at.isoformat()


def finished_key_id(request: HttpRequest, *, at: datetime) -> uuid.UUID | None:
    """The key that the visit ended in, for a quarter of an hour."""
    value = request.session.get(_DONE)
    if not value:
        return None
    if at >= datetime.fromisoformat(request.session[_DONE_AT]) + DONE_FOR:
        request.session.pop(_DONE, None)
        forget_chosen_account(request)
        return None
    return uuid.UUID(value)


def ended_in_a_key(request: HttpRequest) -> bool:
    """Whether a key was activated in this browser; which one is forgotten by then."""
    return _DONE_AT in request.session


def chose_account(request: HttpRequest, holder: KeyHolder, *, at: datetime) -> bool:
    """Whether the password was chosen in the visit that is done; good for one use.

    Until the hour of the visit is over, or every session of the holder was ended.
    """
    if request.session.get(_DONE_ACCOUNT) != holder.session_epoch:
        return False
    return at < datetime.fromisoformat(request.session[_DONE_STARTED]) + IN_ALL


def forget_chosen_account(request: HttpRequest) -> None:
    for name in (_DONE_ACCOUNT, _DONE_STARTED):
        request.session.pop(name, None)


def start_again(
    request: HttpRequest, code: ActivationCode, *, free_at: datetime
) -> HttpResponse:
    """Too many wrong digits: back to the code, which is all that has to be typed."""
    forget(request)
    request.session[_AGAIN] = str(code.pk)
    request.session[_AGAIN_AT] = free_at.isoformat()
    response = pages.start_again(request, code.dossier.office, free_at)
    remember_link(response, code.pk)
    return response


def _still_again(request: HttpRequest, at: datetime) -> HttpResponse | None:
    """The same page for a reload, or in another language, as long as it is true."""
    if _AGAIN not in request.session:
        return None
    free_at = datetime.fromisoformat(request.session[_AGAIN_AT])
    code = usable_code(uuid.UUID(request.session[_AGAIN]), at=at)
    if code is None or at >= free_at:
        return None
    return pages.start_again(request, code.dossier.office, free_at)


def locked(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The last wrong code was typed in this browser; here alone the page says so."""
    response = pages.code_locked(request, code)
    remember_link(response, code.pk, locked_here=True)
    return response


def dead_link(request: HttpRequest, code: ActivationCode | None) -> HttpResponse:
    """One page for every dead link, but for who typed the wrong codes themselves."""
    if (
        code is not None
        and code.state == CodeState.LOCKED
        and _remembered(request) == f"{code.pk.hex}{_LOCKED_HERE}"
    ):
        return pages.code_locked(request, code)
    return pages.link_ended(request, code)


def forget(request: HttpRequest) -> None:
    """End the visit; the whole session when nothing else is in it."""
    _drop(request)
    if not list(request.session.keys()):
        request.session.flush()


def _drop(request: HttpRequest) -> None:
    for name in _OURS:
        request.session.pop(name, None)


# The way in


def usable_code(code_id: uuid.UUID, *, at: datetime) -> ActivationCode | None:
    """The code while it can still become a key; None in every other case."""
    return (
        ActivationCode.objects.usable(at)
        .select_related("dossier__office", "dossier__applicant")
        .filter(
            pk=code_id,
            attempts__lt=settings.CODE_ATTEMPTS,
            dossier__state=DossierState.CODE_ISSUED,
        )
        .first()
    )


def step[**P](view: StepView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page behind the code: the view gets the code, or the person a way on."""

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        at = timezone.now()
        code = _code_or_way_on(request, at)
        if isinstance(code, HttpResponse):
            return code
        request.session[_SEEN] = at.isoformat()
        try:
            if request.method == "POST":
                count_request(address=address_of(request), at=at)
            return view(request, code, *args, **kwargs)
        except TooManyRequestsError as error:
            return pages.wait(request, code.dossier.office, error, at=at)
        except CodeEndedError:
            return _ended(request, code.pk)

    return handle


def _code_or_way_on(
    request: HttpRequest, at: datetime
) -> ActivationCode | HttpResponse:
    typed = code_id(request)
    if typed is None:
        return _still_again(request, at) or pages.see_other("activation:enter_code")
    if standing(request, at=at) is Standing.OVER:
        return _ask_again(request, typed)
    return usable_code(typed, at=at) or _ended(request, typed)


def _ask_again(request: HttpRequest, typed: uuid.UUID) -> HttpResponse:
    """The time is over. Link and code were both here, so the code alone will do."""
    forget(request)
    messages.warning(
        request,
        _(
            "You were away for a while, or it took more than an hour. For your "
            "safety, type your code again."
        ),
    )
    response = pages.see_other("activation:enter_code")
    remember_link(response, typed)
    return response


def _ended(request: HttpRequest, typed: uuid.UUID) -> HttpResponse:
    """Between two pages the code was used, locked, replaced or came to its end.

    Used: another tab or another device was first. The session is left as it is then,
    because the tab that was first may be writing to it now.
    """
    code = (
        ActivationCode.objects.select_related("dossier__office")
        .filter(pk=typed)
        .first()
    )
    if code is not None and code.state == CodeState.USED:
        request.session.modified = False
        return pages.show(
            request,
            "activation/already_active.html",
            {"office": code.dossier.office},
            status=409,
        )
    forget(request)
    response = dead_link(request, code)
    if linked_code_id(request) is None:  # a reload, or another language, says the same
        remember_link(response, typed)
    return response
