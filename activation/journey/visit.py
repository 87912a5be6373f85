"""A person's way from the link to the key, between the pages.

Two things are remembered, and both hold ids and times only:

- the **link cookie**, signed, for an hour: which codes' links were opened
  (activation.journey.opened_links). It is in the browser alone, so that opening a link
  writes nothing here, whoever opens it;
- the **session**, once a code was typed: idle 15 minutes, 60 minutes in all
  (docs/security.md#sessions). It is Django's own; a clerk who tries the pages in the
  same browser stays signed in.

Several people may be on their way in one browser. Each has lines of their own in the
session, named by the code, and no page guesses whose it is.
"""

import uuid
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from activation.enums import CodeState
from activation.journey import accounts, opened_links
from activation.models import ActivationCode, DigitalKey, KeyHolder
from activation.querysets import TRIES_A_CODE
from activation.web import pages
from activation.web.office import office_of_visitor
from counter.enums import DossierState

IDLE: Final = timedelta(minutes=15)
IN_ALL: Final = timedelta(minutes=60)
DONE_FOR: Final = timedelta(minutes=15)

_STARTED: Final = "activation_started_at"
_SEEN: Final = "activation_seen_at"
_ACCOUNT: Final = "activation_account_at"
_STANDS: Final = "activation_account_stands"
_KEY: Final = "activation_key_id"
_DONE: Final = "activation_done_key_id"
_DONE_AT: Final = "activation_done_at"
_DONE_ACCOUNT: Final = "activation_done_account"
_DONE_STARTED: Final = "activation_done_started_at"
_AGAIN_AT: Final = "activation_again_at"
_OURS: Final = (
    *(_STARTED, _SEEN, _ACCOUNT, _STANDS, _KEY, _DONE, _DONE_AT, _DONE_ACCOUNT),
    *(_DONE_STARTED, _AGAIN_AT),
)


class VisitStage(Enum):
    NONE = auto()
    GOING_ON = auto()
    OVER = auto()


def _line(name: str, code_id: uuid.UUID) -> str:
    """What a line of the session is called that is about this code."""
    return f"{name}:{code_id.hex}"


def _codes(request: HttpRequest, name: str) -> list[uuid.UUID]:
    """The codes that have such a line in the session."""
    lines = [line.partition(":") for line in request.session.keys()]  # noqa: SIM118
    return [uuid.UUID(hex=code) for start, _, code in lines if start == name]


# Which code


def asked_for(request: HttpRequest) -> uuid.UUID | None:
    """The code that this request is about; None rather than a guess.

    Of those whose link was opened here or whose code was typed; those that ended in a
    key are meant when they are named, or when there is nothing else.
    """
    here = [opened.code_id for opened in opened_links.opened(request)]
    here += [*_codes(request, _STARTED), *_codes(request, _AGAIN_AT)]
    done = _codes(request, _DONE_AT)
    if opened_links.named(request) or not here:
        return opened_links.choose(request, [*here, *done])
    return opened_links.choose(request, here)


def link_needed(request: HttpRequest) -> HttpResponse:
    """No link, or not one of those that were opened here."""
    here = opened_links.opened(request) or _codes(request, _STARTED)
    office = office_of_visitor(request)
    return pages.link_needed(request, office, has_other=bool(here))


# The session


def start(request: HttpRequest, code: ActivationCode, *, at: datetime) -> None:
    """The code was typed: a new session key, and the clocks start."""
    _drop(request, code.pk)
    request.session.cycle_key()
    for name in (_STARTED, _SEEN):
        request.session[_line(name, code.pk)] = at.isoformat()


def note_seen(request: HttpRequest, code_id: uuid.UUID, *, at: datetime) -> None:
    request.session[_line(_SEEN, code_id)] = at.isoformat()


def standing(request: HttpRequest, code_id: uuid.UUID, *, at: datetime) -> VisitStage:
    session = request.session
    if _line(_STARTED, code_id) not in session:
        return VisitStage.NONE
    seen = datetime.fromisoformat(session[_line(_SEEN, code_id)])
    started = datetime.fromisoformat(session[_line(_STARTED, code_id)])
    over = at >= seen + IDLE or at >= started + IN_ALL
    return VisitStage.OVER if over else VisitStage.GOING_ON


def account_chosen(
    request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder, *, at: datetime
) -> None:
    rely_on(request, code_id, holder)
    request.session[_line(_ACCOUNT, code_id)] = at.isoformat()


def rely_on(request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder) -> None:
    """The person knows of the account as it stands now: chosen, kept, or shown here.

    Kept or shown, its password was not typed here, and opens nothing by itself.
    """
    request.session.pop(_line(_ACCOUNT, code_id), None)
    request.session[_line(_STANDS, code_id)] = str(accounts.stamp(holder))


def relied_on(request: HttpRequest, code_id: uuid.UUID) -> uuid.UUID | None:
    """The stamp of the account that this visit goes on with."""
    value = request.session.get(_line(_STANDS, code_id))
    return uuid.UUID(value) if value else None


def account_moved(request: HttpRequest, code: ActivationCode) -> bool:
    """Whether name or password were chosen anew elsewhere since."""
    seen = relied_on(request, code.pk)
    return seen is not None and seen != accounts.stamp(
        accounts.standing(code.dossier.applicant)
    )


def needs_account(request: HttpRequest, code: ActivationCode, *, at: datetime) -> bool:
    """Whether user name and password are still to be chosen, or told, in this visit.

    Who came with an account that has an active key keeps it. What was chosen anew on
    another device is told before anybody goes on.
    """
    if relied_on(request, code.pk) is not None:
        return account_moved(request, code)
    return accounts.holder_with_key(code.dossier.applicant, at=at) is None


def key_chosen(request: HttpRequest, key: DigitalKey) -> None:
    request.session[_line(_KEY, key.code_id)] = str(key.pk)


def key_id(request: HttpRequest, code_id: uuid.UUID) -> uuid.UUID | None:
    value = request.session.get(_line(_KEY, code_id))
    return uuid.UUID(value) if value else None


def finish(request: HttpRequest, key: DigitalKey, *, at: datetime) -> None:
    """The key is active: all is forgotten but its id, so that a reload shows it.

    The id goes after a quarter of an hour. That there was a key stays in the session,
    so that the page is not one that asks for a link then.

    The session key stays: of two requests at once, the other one would find its
    session gone, and it wins nothing, because there is less in it than before.
    """
    code_id, session = key.code_id, request.session
    chose_account = _line(_ACCOUNT, code_id) in session
    started = session.get(_line(_STARTED, code_id))
    _drop(request, code_id)
    if chose_account and started:
        session[_line(_DONE_ACCOUNT, code_id)] = key.holder.session_epoch
        session[_line(_DONE_STARTED, code_id)] = started
    session[_line(_DONE, code_id)] = str(key.pk)
    session[_line(_DONE_AT, code_id)] = at.isoformat()


def finished_key_id(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> uuid.UUID | None:
    """The key that the visit ended in, for a quarter of an hour."""
    value = request.session.get(_line(_DONE, code_id))
    if not value:
        return None
    done_at = request.session[_line(_DONE_AT, code_id)]
    if at >= datetime.fromisoformat(done_at) + DONE_FOR:
        request.session.pop(_line(_DONE, code_id), None)
        _forget_account(request, code_id)
        return None
    return uuid.UUID(value)


def ended_in_a_key(request: HttpRequest, code_id: uuid.UUID) -> bool:
    """Whether its key was activated in this browser; which one is forgotten by then."""
    return _line(_DONE_AT, code_id) in request.session


def chose_account(
    request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder, *, at: datetime
) -> bool:
    """Whether the password was chosen in the visit that is done; good for one use.

    Until the hour of the visit is over, or every session of the holder was ended.
    """
    session = request.session
    if session.get(_line(_DONE_ACCOUNT, code_id)) != holder.session_epoch:
        return False
    started = session[_line(_DONE_STARTED, code_id)]
    return at < datetime.fromisoformat(started) + IN_ALL


def forget_chosen_accounts(request: HttpRequest) -> None:
    """Of every visit that is done here: somebody leaves the holder's own page."""
    for code_id in _codes(request, _DONE_ACCOUNT):
        _forget_account(request, code_id)


def _forget_account(request: HttpRequest, code_id: uuid.UUID) -> None:
    for name in (_DONE_ACCOUNT, _DONE_STARTED):
        request.session.pop(_line(name, code_id), None)


def start_again(
    request: HttpRequest, code: ActivationCode, *, free_at: datetime
) -> HttpResponse:
    """Too many wrong digits: back to the code, which is all that has to be typed."""
    forget(request, code.pk)
    request.session[_line(_AGAIN_AT, code.pk)] = free_at.isoformat()
    response = pages.start_again(request, code, free_at)
    opened_links.remember(request, response, code.pk)
    return response


def still_again(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> HttpResponse | None:
    """The same page for a reload, or in another language, as long as it is true."""
    value = request.session.get(_line(_AGAIN_AT, code_id))
    free_at = datetime.fromisoformat(value) if value else at
    code = usable_code(code_id, at=at) if at < free_at else None
    return pages.start_again(request, code, free_at) if code else None


def locked(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The last wrong code was typed in this browser; here alone the page says so."""
    response = pages.code_locked(request, code)
    opened_links.remember(request, response, code.pk, locked_here=True)
    return response


def dead_link(request: HttpRequest, code: ActivationCode | None) -> HttpResponse:
    """One page for every dead link, but for who typed the wrong codes themselves.

    A link on hold is not dead: it may work again, so its page says that.
    """
    if code is not None and code.is_on_hold(timezone.now()):
        return pages.on_hold(request, code.dossier.office)
    if code is not None and code.state == CodeState.LOCKED:
        link = opened_links.find(request, code.pk)
        if link is not None and link.locked_here:
            return pages.code_locked(request, code)
    return pages.link_ended(request, code)


def forget(request: HttpRequest, code_id: uuid.UUID) -> None:
    """End this visit; the whole session when nothing else is in it."""
    _drop(request, code_id)
    if not list(request.session.keys()):
        request.session.flush()


def _drop(request: HttpRequest, code_id: uuid.UUID) -> None:
    for name in _OURS:
        request.session.pop(_line(name, code_id), None)


def usable_code(code_id: uuid.UUID, *, at: datetime) -> ActivationCode | None:
    """The code while it can still become a key; None in every other case."""
    return (
        ActivationCode.objects.usable(at)
        .select_related("dossier__office", "dossier__applicant")
        .filter(
            pk=code_id,
            attempts__lt=TRIES_A_CODE,
            dossier__state=DossierState.CODE_ISSUED,
        )
        .first()
    )
