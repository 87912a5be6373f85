"""“I did not ask for this”: whoever holds the link says so, and the code is stopped.

And whoever reads the address that a dossier had before says so of the change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from activation.addresses import changed_addresses
from activation.addresses.changed_addresses import can_be_objected_to
from activation.codes import freezing, links
from activation.codes.mangled_links import says_not_mine
from activation.codes.validity import last_whole_day, link_end
from activation.exceptions import (
    ChangeEndedError,
    CodeEndedError,
    TooManyRequestsError,
)
from activation.journey import dead_ends, opened_links, visit
from activation.journey.forms.refusal import NotMineForm, NotMyChangeForm
from activation.journey.views.link import open_link
from activation.models import ActivationCode, AddressChange
from activation.web import pages
from activation.web.throttling import count_request
from counter.email.mailed_links import split_token
from counter.web.visitor_address import address_of


@dataclass(frozen=True)
class Refusal:
    """One thing that a reader did not ask for: its row, and what becomes of it."""

    row: ActivationCode | AddressChange
    #: The page that asks once more, by its URL name; the templates before and after.
    page: str
    form: type[NotMineForm]
    asks: str
    says: str
    can_be_said: bool
    is_said: bool
    context: dict[str, object]
    say: Callable[[datetime], object]
    ended: Callable[[HttpRequest], HttpResponse]


def _of_code(code: ActivationCode) -> Refusal:
    at = timezone.now()
    is_stopped = code.is_frozen or code.is_on_hold(at)
    return Refusal(
        row=code,
        page="not_mine",
        form=NotMineForm,
        asks="activation/journey/refusing/not_mine.html",
        says="activation/journey/refusing/frozen.html",
        can_be_said=is_stopped or visit.usable_code(code.pk, at=at) is not None,
        is_said=code.is_frozen,
        context={},
        say=lambda at: freezing.freeze_code(code_id=code.pk, at=at),
        ended=lambda request: dead_ends.dead_link(request, code),
    )


def _of_change(change: AddressChange) -> Refusal:
    """What it says afterwards is the same whatever became of the code: the reader may
    be a stranger, whose address was only mistyped.
    """
    last_day = last_whole_day(link_end(change.at))
    return Refusal(
        row=change,
        page="not_my_change",
        form=NotMyChangeForm,
        asks="activation/journey/refusing/not_my_change.html",
        says="activation/journey/refusing/change_stopped.html",
        can_be_said=can_be_objected_to(change, at=timezone.now()),
        is_said=change.objected_at is not None,
        context={"last_day": last_day},
        say=lambda at: changed_addresses.object_to_change(change_id=change.pk, at=at),
        ended=lambda request: pages.dead_end(
            request,
            "activation/journey/refusing/change_too_old.html",
            change.dossier.office,
            status=410,
        ),
    )


@require_safe
@sensitive_variables()
def open_refusal(request: HttpRequest, token: str) -> HttpResponse:
    """The second link of the mail; like the first one it writes nothing."""
    if code := links.find(token):
        refusal = _of_code(code)
    elif change := links.find_change(token):
        refusal = _of_change(change)
    else:
        return dead_ends.dead_link(request, None)
    return _to_page(request, refusal) if refusal.can_be_said else refusal.ended(request)


@require_safe
@sensitive_variables()
def open_mangled(request: HttpRequest, presented: str) -> HttpResponse:
    """Either link of the mail with something around it or in it."""
    token, behind = split_token(presented)
    if says_not_mine(behind):
        return open_refusal(request, token)
    return open_link(request, token)


@require_http_methods(["GET", "HEAD", "POST"])
def not_mine(request: HttpRequest) -> HttpResponse:
    """Ask once more, then freeze the code; afterwards say that this was done."""
    asked = visit.asked_for(request)
    if asked is None:
        return dead_ends.link_needed(request)
    codes = ActivationCode.objects.select_related("dossier__office")
    code = codes.filter(pk=asked).first()
    return _ask(request, _of_code(code) if code else None)


@require_http_methods(["GET", "HEAD", "POST"])
def not_my_change(request: HttpRequest) -> HttpResponse:
    """The reader of the old address: ask once more, then nothing comes of the new."""
    asked = visit.asked_for(request)
    if asked is None:
        return dead_ends.link_needed(request)
    changes = AddressChange.objects.select_related("dossier__office")
    change = changes.filter(pk=asked).first()
    return _ask(request, _of_change(change) if change else None)


def _ask(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    if refusal is None:  # deleted since, while the cookie lives on
        return pages.link_ended(request, None)
    if not refusal.can_be_said:
        return refusal.ended(request)
    office = refusal.row.dossier.office
    if refusal.is_said:
        return pages.dead_end(request, refusal.says, office, status=200)
    form = refusal.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _say(request, refusal)
    about = pages.about(refusal.row.pk)
    return pages.show(
        request,
        refusal.asks,
        {**about, **refusal.context, "form": form, "office": office},
        status=422 if form.errors else 200,
    )


def _say(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    at = timezone.now()
    try:
        count_request(address=address_of(request), at=at)
        refusal.say(at)
    except TooManyRequestsError as error:
        return pages.wait(request, refusal.row.dossier.office, error, at=at)
    except (CodeEndedError, ChangeEndedError):
        refusal.row.refresh_from_db()
        return refusal.ended(request)
    return _to_page(request, refusal)


def _to_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """It is remembered here which link was opened; looking writes nothing."""
    response = pages.to_step(refusal.page, refusal.row.pk)
    opened_links.remember(request, response, refusal.row.pk)
    return response
