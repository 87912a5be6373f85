"""The session of a holder who is signed in to their own pages.

It is one entry of the Django session (activation.holder.sessions.holder_session). It
ends after 15 minutes without a request and after 60 minutes in all
(docs/security.md#sessions). Incrementing the holder's `session_epoch` ends all their
sessions at once. The stages before are in activation.holder.sessions.stages.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import TooManyRequestsError
from activation.holder.sessions import belonging, request_queue
from activation.holder.sessions.holder_session import HolderSession, Stage
from activation.holder.wrong_tries import CountOf, Tries
from activation.journey import ending
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.destinations import destination_indexes
from activation.web import pages
from activation.web.office import office_of_visitor
from activation.web.throttling import count_request
from counter.web.visitor_address import address_of

KEY_SHOWN_FOR: Final = timedelta(minutes=5)

#: The pages that ask for a key or a recovery code on behalf of another page, which is
#: `to` in the address.
_PROVING: Final = ("activation_holder:prove", "activation_holder:prove_with_code")

type HolderView[**P] = Callable[Concatenate[HttpRequest, KeyHolder, P], HttpResponse]


# Signed in


def start(
    request: HttpRequest,
    holder: KeyHolder,
    *,
    at: datetime,
    shown_at: datetime | None = None,
) -> None:
    """Sign the holder in, and cycle the session key.

    `shown_at` is when the holder's key was checked; None means `at`.
    """
    forget(request)
    request.session.cycle_key()
    HolderSession(
        stage=Stage.SIGNED_IN,
        holder_id=holder.pk,
        session_epoch=holder.session_epoch,
        started_at=at,
        seen_at=at,
        key_shown_at=shown_at or at,
    ).save(request)


def note_key(request: HttpRequest, *, at: datetime) -> None:
    """Note that a key of the holder was checked in this session."""
    replace(HolderSession.here(request), key_shown_at=at).save(request)


def has_shown_key(request: HttpRequest, *, at: datetime) -> bool:
    """Whether a key was checked in this session within KEY_SHOWN_FOR.

    After that another person may be using this browser.
    """
    until = key_counts_until(request)
    return until is not None and at < until


def key_counts_until(request: HttpRequest) -> datetime | None:
    """Until when the last check of a key is enough for sensitive actions."""
    here = HolderSession.load(request)
    shown_at = here.key_shown_at if here else None
    return shown_at + KEY_SHOWN_FOR if shown_at else None


def renew(request: HttpRequest, holder: KeyHolder) -> None:
    """Keep this session after its own request ended all sessions; cycle its key.

    If another request ended all sessions too, this one ends.
    """
    here = HolderSession.here(request)
    if holder.session_epoch != here.session_epoch + 1:
        return
    request.session.cycle_key()
    replace(here, session_epoch=holder.session_epoch).save(request)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a holder signed in here. It does not check whether that has ended."""
    here = HolderSession.load(request)
    return here is not None and here.is_signed_in


def holder_of(request: HttpRequest, *, at: datetime) -> KeyHolder | None:
    """The holder who is signed in, or None. A session that is over is ended here."""
    here = HolderSession.load(request)
    if here is None or not here.is_signed_in:
        return None
    holder = None if here.is_over(at) else find(here.holder_id)
    if holder is None or holder.session_epoch != here.session_epoch:
        forget(request)
        messages.warning(request, _("You were signed out. Sign in again."))
        return None
    return holder


def forget(request: HttpRequest) -> None:
    """Delete the holder's entry, and the note that a password was chosen here.

    With that note the next person at this browser could sign in from the page of the
    activation.
    """
    ending.forget_chosen_accounts(request)
    HolderSession.drop(request)


def sign_out(request: HttpRequest) -> None:
    """Sign the holder out. Other entries of the session continue under a new key.

    A concurrent request still has the old session and saves it at its end. Because the
    old key does not exist any more, that cannot restore the sign-in. A session that
    another request has ended is not restored here.
    """
    forget(request)
    session = request.session
    key = session.session_key
    if key and list(session.keys()) and session.exists(key):
        session.cycle_key()
    else:
        session.flush()


def find(pk: uuid.UUID) -> KeyHolder | None:
    return KeyHolder.objects.select_related("applicant").filter(pk=pk).first()


def for_holder[**P](
    view: HolderView[P],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorate a view of a signed-in holder; others are redirected to the sign-in."""

    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = timezone.now()
        holder = holder_of(request, at=at)
        if holder is None:
            return pages.see_other("activation_holder:sign_in")
        replace(HolderSession.here(request), seen_at=at).save(request)
        return view(request, holder, *args, **kwargs)

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.method != "POST":
            return answer(request, *args, **kwargs)
        if not is_signed_in(request):
            return _done_meanwhile(request)
        if too_much := throttled(request, at=timezone.now()):
            return too_much
        # Wait before checking the session: the request before may end all sessions.
        with request_queue.take(request) as is_there:
            if not is_there:
                return _done_meanwhile(request)
            if belonging.is_of_another(request):
                return belonging.refuse(request, "activation_holder:overview")
            return answer(request, *args, **kwargs)

    return handle


def _done_meanwhile(request: HttpRequest) -> HttpResponse:
    """Redirect the second of two clicks to the page with the result of the first.

    For a form with the digits of a key or a recovery code that is the page that asks
    for the key, otherwise the overview. Both redirect a person who is signed out to the
    sign-in page.
    """
    match = request.resolver_match
    if match and match.view_name in _PROVING:
        to = reverse("activation_holder:prove", kwargs=match.kwargs)
        return request_queue.lead_on(request, to)
    return request_queue.lead_on(request, "activation_holder:overview")


def throttled(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """Count a POST; return the page that asks to wait when there are too many."""
    if request.method != "POST":
        return None
    try:
        count_request(address=address_of(request), at=at)
    except TooManyRequestsError as error:
        office = office_of_visitor(request)
        return pages.wait(request, office, error, at=at)
    return None


def tries(request: HttpRequest) -> Tries:
    """The count of wrong tries of this session; it blocks no other session."""
    here = HolderSession.here(request)
    return Tries(CountOf.SESSION, f"{here.holder_id} {here.started_at.isoformat()}")


# Between two pages


def choose_key(request: HttpRequest, key_id: uuid.UUID) -> None:
    """Store which key the holder is going to use."""
    replace(HolderSession.here(request), key_id=key_id).save(request)


def chosen_key_id(request: HttpRequest) -> uuid.UUID | None:
    here = HolderSession.load(request)
    return here.key_id if here else None


def set_new_key(request: HttpRequest, key: DigitalKey) -> None:
    """Store which key is being added in this session.

    An app is also stored as `new_app_id`: choosing an app again in this session shows
    the same secret, which was perhaps scanned already. No other session shows it.
    """
    here = HolderSession.here(request)
    app_id = here.new_app_id if key.kind_record.has_destination else key.pk
    replace(here, new_key_id=key.pk, new_app_id=app_id).save(request)


def typed_email(request: HttpRequest, code: OneTimeCode) -> None:
    """Store the code that was sent to a contact address typed in this session."""
    replace(HolderSession.here(request), new_email_code_id=code.pk).save(request)


@sensitive_variables()
def has_typed_email(request: HttpRequest, holder: KeyHolder) -> bool:
    """Whether the unconfirmed contact address was typed in this session."""
    sent = HolderSession.here(request).new_email_code_id
    code = holder.one_time_codes.filter(pk=sent).first() if sent else None
    if code is None:
        return False
    return bytes(code.destination_index) in destination_indexes(holder.new_email)


def new_key_id(request: HttpRequest) -> uuid.UUID | None:
    return HolderSession.here(request).new_key_id


def new_app_id(request: HttpRequest) -> uuid.UUID | None:
    """The app that was set up last in this session."""
    return HolderSession.here(request).new_app_id


def forget_keys(request: HttpRequest) -> None:
    """Delete the chosen key and the key that is being added from the session."""
    here = HolderSession.here(request)
    replace(here, key_id=None, new_key_id=None).save(request)
