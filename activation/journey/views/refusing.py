"""The pages on which a person says: “I did not ask for this”.

Two mails have a link to them. With the link in the mail about a code, the code is
stopped. With the link in the mail to the old address after a correction, the reader
objects to the change.
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
    """What a reader did not ask for, a code or a change, with its pages and action."""

    row: ActivationCode | AddressChange
    #: The URL name of the page that asks the reader to confirm.
    page: str
    form: type[NotMineForm]
    #: The template of that page, and of the page that says that it was done.
    asks: str
    says: str
    #: Whether the reader can still object, and whether somebody did.
    can_be_said: bool
    is_said: bool
    context: dict[str, object]
    #: Stop the code or object to the change; the page when that is too late.
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
    """The refusal of a changed address.

    The page afterwards is the same whatever happened to the code, because the reader
    may be a stranger whose address was typed by mistake.
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
    """Open the link “I did not ask for this”; like `open_link` it writes nothing."""
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
    """Open either link of the mail when it has extra characters in it or around it."""
    token, behind = split_token(presented)
    if says_not_mine(behind):
        return open_refusal(request, token)
    return open_link(request, token)


@require_http_methods(["GET", "HEAD", "POST"])
def not_mine(request: HttpRequest) -> HttpResponse:
    """Ask the person to confirm, then freeze the code and say that this was done."""
    asked = visit.asked_for(request)
    if asked is None:
        return dead_ends.link_needed(request)
    codes = ActivationCode.objects.select_related("dossier__office")
    code = codes.filter(pk=asked).first()
    return _ask(request, _of_code(code) if code else None)


@require_http_methods(["GET", "HEAD", "POST"])
def not_my_change(request: HttpRequest) -> HttpResponse:
    """Ask the reader of the old address to confirm, then record the objection."""
    asked = visit.asked_for(request)
    if asked is None:
        return dead_ends.link_needed(request)
    changes = AddressChange.objects.select_related("dossier__office")
    change = changes.filter(pk=asked).first()
    return _ask(request, _of_change(change) if change else None)


def _ask(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    if refusal is None:  # the row was deleted, but the cookie is still there
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
    """Redirect to the page that asks; which link was opened is stored in the cookie."""
    response = pages.to_step(refusal.page, refusal.row.pk)
    opened_links.remember(request, response, refusal.row.pk)
    return response
