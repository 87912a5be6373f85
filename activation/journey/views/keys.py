"""The pages on which the applicant chooses the kind of key and types the number."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import KeyKind
from activation.exceptions import (
    KeyGoneError,
    KindSwitchedOffError,
    TooManyCodesError,
    sentence,
)
from activation.holder.exceptions import SameKeyError
from activation.holder.own_keys import has_room, kinds_of, most_keys
from activation.journey import accounts, choosing, steps, visit
from activation.journey.forms.key import KeyForm, NumberForm
from activation.journey.views.confirming import pending_key
from activation.journey.visit import Visit
from activation.letters import phones
from activation.letters.masking import mask_email
from activation.letters.wording import written_date
from activation.models import ActivationCode
from activation.one_time import key_kinds
from activation.one_time.key_kinds import SentBy
from activation.web import pages


def _show_no_room(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Say that the account has the most keys allowed, so one has to be revoked first.

    The code stays usable until its last day.
    """
    return pages.show_step(
        request,
        "activation/web/no_room.html",
        {
            "last_day": written_date(code.last_day, get_language() or "nl"),
            "most_keys": most_keys(),
        },
        code=code,
        step="key",
        status=409,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@steps.step
def choose_key(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Choose app, text message or e-mail, in this order, of those the office offers."""
    at = timezone.now()
    if visit.needs_account(request, code, at=at):
        return pages.to_step("choose_account", code.pk)
    if not has_room(code.dossier.applicant, at=at):
        return _show_no_room(request, code)
    kinds = kinds_of(code.dossier.office)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kind: KeyKind = form.cleaned_data["kind"]
        if kind in kinds and _is_typed(kind):
            return pages.to_step("enter_number", code.pk)
        try:
            own = Visit.here(request, code.pk).app_id
            key = choosing.choose_key(code_id=code.pk, kind=kind, own=own, at=at)
        except KeyGoneError:
            return pages.to_step("choose_account", code.pk)
        except (KindSwitchedOffError, SameKeyError, TooManyCodesError) as error:
            form.add_error("kind", sentence(error, button=_("Go on")))
        else:
            visit.key_chosen(request, key)
            return pages.to_step("confirm_key", code.pk)
    return pages.show_step(
        request,
        "activation/journey/choose_key.html",
        {
            "form": form,
            "kinds": key_kinds.offered_by(code.dossier.office),
            "chosen": _chosen(request, code, form),
            "masked_email": mask_email(code.dossier.email),
            "is_first": accounts.holder_with_key(code.dossier.applicant, at=at) is None,
        },
        code=code,
        step="key",
        back=pages.step_address("choose_account", code.pk),
        status=422 if form.errors else 200,
    )


def _chosen(request: HttpRequest, code: ActivationCode, form: KeyForm) -> str:
    """The kind whose radio button is checked.

    The first of these that the office offers: the kind that the form sent, the kind in
    the query string (the next page links back with it), the kind of the key that is
    being set up, or the office's first kind.
    """
    kinds = kinds_of(code.dossier.office)
    key = pending_key(code, visit.key_id(request, code.pk))
    asked_for = [
        form["kind"].value(),
        request.GET.get("kind"),
        key and key.kind,
        *kinds,
    ]
    return next((str(kind) for kind in asked_for if kind in kinds), "")


def _is_typed(kind: KeyKind) -> bool:
    """Whether the person has to type a destination on the next page.

    True for a text message only: mails go to the address that the counter recorded.
    """
    message = key_kinds.record(kind).message
    return message is not None and message.by is SentBy.TEXT_MESSAGE


@sensitive_post_parameters("mobile")
@require_http_methods(["GET", "HEAD", "POST"])
@steps.step
@sensitive_variables()
def enter_number(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Ask for the mobile number of a text message key, and set the key up."""
    at = timezone.now()
    if visit.needs_account(request, code, at=at):
        return pages.to_step("choose_account", code.pk)
    if not has_room(code.dossier.applicant, at=at):
        return _show_no_room(request, code)
    if KeyKind.SMS not in kinds_of(code.dossier.office):
        return pages.to_step("choose_key", code.pk)
    form = NumberForm(
        request.POST if request.method == "POST" else None,
        initial={"mobile": _number_before(request, code)},
    )
    if form.is_valid():
        mobile = form.cleaned_data["mobile"]
        try:
            key = choosing.choose_key(
                code_id=code.pk, kind=KeyKind.SMS, mobile=mobile, at=at
            )
        except KeyGoneError:
            return pages.to_step("choose_account", code.pk)
        except (SameKeyError, TooManyCodesError) as error:
            form.add_error("mobile", sentence(error, button=_("Send me the digits")))
        else:
            visit.key_chosen(request, key)
            return pages.to_step("confirm_key", code.pk)
    return pages.show_step(
        request,
        "activation/journey/enter_number.html",
        {"form": form},
        code=code,
        step="key",
        back=pages.step_address("choose_key", code.pk, kind=KeyKind.SMS.value),
        status=422 if form.errors else 200,
    )


@sensitive_variables()
def _number_before(request: HttpRequest, code: ActivationCode) -> str:
    """The number that was typed in this visit, so that it can be corrected; or "".

    It is also shown when another kind of key was chosen in between. A number that was
    typed on another device is not shown.
    """
    key = pending_key(code, Visit.here(request, code.pk).number_id)
    return phones.as_typed(key.destination) if key else ""
