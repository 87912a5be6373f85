"""The page that says that the key is active, and the button to add a second one."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from activation.enums import Purpose
from activation.holder import proving, signing_in
from activation.holder.sessions import request_queue, session
from activation.holder.sessions.device import device_of, remember_device
from activation.journey import ending, opened_links, visit
from activation.letters.masking import mask_name
from activation.letters.wording import written_date
from activation.models import DigitalKey
from activation.public.texts import written_by
from activation.web import pages
from activation.web.office import office_of_visitor
from counter.web.see_other import SeeOther


def _finished_key(
    request: HttpRequest, asked: UUID | None, at: datetime
) -> DigitalKey | None:
    finished = ending.finished_key_id(request, asked, at=at) if asked else None
    if finished is None:
        return None
    return (
        DigitalKey.objects.active(at)
        .select_related("holder__applicant", "code__dossier__office")
        .filter(pk=finished)
        .first()
    )


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say that the key is active, until when, and what to do now.

    Without a key that this visit activated a short time ago, another page is shown.
    """
    at = timezone.now()
    asked = visit.asked_for(request)
    key = _finished_key(request, asked, at)
    if key is None or key.activated_at is None or key.valid_until is None:
        if asked and ending.ended_in_a_key(request, asked):
            office = office_of_visitor(request, code_id=asked)
            return pages.done_before(request, office)
        return _to_code(request, asked)
    language = get_language() or "nl"
    return pages.show(
        request,
        "activation/journey/done.html",
        {
            "office": key.code.dossier.office,
            "texts": written_by(key.code.dossier.office),
            "key": key,
            "user_name": _name_for(request, key),
            "knows_name": visit.Visit.here(request, key.code_id).knows_name,
            "since": written_date(timezone.localdate(key.activated_at), language),
            "until": written_date(timezone.localdate(key.valid_until), language),
            "keys_address": settings.SITE_URL + reverse("activation_holder:overview"),
            "is_only_mail": _has_only_mail(key, at),
            "may_add": ending.chose_account(request, key.code_id, key.holder, at=at),
            **pages.about(key.code_id),
        },
    )


def _name_for(request: HttpRequest, key: DigitalKey) -> str:
    """The user name; masked when it was neither typed nor shown in this visit."""
    here = visit.Visit.here(request, key.code_id)
    name = key.holder.user_name
    return name if here.knows_name else mask_name(name)


def _has_only_mail(key: DigitalKey, at: datetime) -> bool:
    """Whether none of the holder's own keys helps when the password is forgotten.

    Then every one is an e-mail in the mailbox of the account.
    """
    keys = proving.keys_for(key.holder, Purpose.RECOVER, at=at)
    return all(other.holder_id != key.holder_id for other in keys)


def _to_code(request: HttpRequest, asked: UUID | None) -> HttpResponse:
    if asked:
        return pages.to_step("enter_code", asked)
    return SeeOther(opened_links.address("enter_code", opened_links.named(request)))


@pages.sent_from("activation_journey:done")
def add_second_key(request: HttpRequest) -> HttpResponse:
    """Sign the person in and redirect to the page that adds a key or makes codes.

    A person with a second key can still sign in after losing the phone. In this visit
    the person chose the password and used the key, and signing in asks for no more. A
    person who kept an account did not type its password here, and has to sign in.
    """
    at = timezone.now()
    asked = visit.asked_for(request)
    key = _finished_key(request, asked, at)
    if key is None:
        if request_queue.is_gone(request):
            return request_queue.lead_on(request, _next_page(request))
        return _to_code(request, asked)
    if not ending.chose_account(request, key.code_id, key.holder, at=at):
        return pages.see_other("activation_holder:sign_in")
    if too_much := session.throttled(request, at=at):
        return too_much
    with request_queue.take(request) as is_there:
        if is_there and ending.chose_account(request, key.code_id, key.holder, at=at):
            return _let_in(request, key, at=at)
    return pages.see_other(_next_page(request))


def _let_in(request: HttpRequest, key: DigitalKey, *, at: datetime) -> HttpResponse:
    holder = key.holder
    # No mail about a new device: the account was made on this device.
    device = replace(device_of(request, holder), is_new=False)
    signing_in.complete(holder=holder, key=key, device=device, at=at)
    session.start(request, holder, at=at, shown_at=key.activated_at)
    response = pages.see_other(_next_page(request))
    remember_device(request, response, holder)
    return response


def _next_page(request: HttpRequest) -> str:
    """The page to add a key, or to make recovery codes, as the button says.

    With either the holder can sign in when the first key is lost.
    """
    wants_codes = request.POST.get("to") == "codes"
    return f"activation_holder:{'codes' if wants_codes else 'add_key'}"
