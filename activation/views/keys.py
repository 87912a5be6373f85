"""Choosing a key, confirming it, and the page that says it is active."""

import io
import uuid

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from activation import totp
from activation.enums import KeyKind, KeyState
from activation.exceptions import (
    KeyGoneError,
    OneTimeCodeError,
    StartAgainError,
    TooManyCodesError,
    WrongDigitsError,
)
from activation.forms.key import DigitsForm, KeyForm, NumberForm
from activation.masking import mask_email
from activation.models import ActivationCode, DigitalKey
from activation.phones import mask_phone
from activation.services import one_time
from activation.services.activating import activate_key
from activation.services.choosing import choose_key as set_up_key
from activation.views import pages, visit
from activation.wording import written_date


@require_http_methods(["GET", "HEAD", "POST"])
@visit.step
def choose_key(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """App, text message or e-mail, in this order."""
    at = timezone.now()
    if visit.needs_account(request, code, at=at):
        return pages.see_other("activation:choose_account")
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kind: KeyKind = form.cleaned_data["kind"]
        if kind is KeyKind.SMS:
            return pages.see_other("activation:enter_number")
        try:
            key = set_up_key(code_id=code.pk, kind=kind, at=at)
        except KeyGoneError:
            return pages.see_other("activation:choose_account")
        except TooManyCodesError as error:
            form.add_error("kind", str(error))
        else:
            visit.key_chosen(request, key)
            return pages.see_other("activation:confirm_key")
    return pages.show_step(
        request,
        "activation/choose_key.html",
        {"form": form, "masked_email": mask_email(code.dossier.email)},
        code=code,
        step="key",
        account=not visit.has_account_already(code, at=at),
        status=422 if form.errors else 200,
    )


@sensitive_post_parameters("mobile")
@require_http_methods(["GET", "HEAD", "POST"])
@visit.step
@sensitive_variables()
def enter_number(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The mobile number of a text message key."""
    at = timezone.now()
    if visit.needs_account(request, code, at=at):
        return pages.see_other("activation:choose_account")
    form = NumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        mobile = form.cleaned_data["mobile"]
        try:
            key = set_up_key(code_id=code.pk, kind=KeyKind.SMS, mobile=mobile, at=at)
        except KeyGoneError:
            return pages.see_other("activation:choose_account")
        except TooManyCodesError as error:
            form.add_error("mobile", str(error))
        else:
            visit.key_chosen(request, key)
            return pages.see_other("activation:confirm_key")
    return pages.show_step(
        request,
        "activation/enter_number.html",
        {"form": form},
        code=code,
        step="key",
        account=not visit.has_account_already(code, at=at),
        status=422 if form.errors else 200,
    )


def _pending_key(code: ActivationCode, key_id: uuid.UUID | None) -> DigitalKey | None:
    if key_id is None:
        return None
    return (
        DigitalKey.objects.select_related("holder")
        .filter(pk=key_id, code=code, state=KeyState.PENDING)
        .first()
    )


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@visit.step
@sensitive_variables()
def confirm_key(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Six digits from the app or the message; then the key is active.

    The form names its key, so that a second tab in which another key was chosen
    does not change what is confirmed here.
    """
    form = DigitsForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key = _pending_key(code, named or visit.key_id(request))
    if key is None:
        return pages.see_other("activation:choose_key")
    if valid:
        try:
            return _activate(request, code, key, form.cleaned_data["digits"])
        except StartAgainError as error:
            visit.forget(request)
            return pages.start_again(request, code.dossier.office, error)
        except KeyGoneError:
            return pages.see_other("activation:choose_key")
        except WrongDigitsError:
            form.add_error(
                "digits",
                _("These are not the digits of now. Wait for new ones and type them."),
            )
        except OneTimeCodeError as error:
            form.add_error("digits", str(error))
    return _show_confirm(request, code, key, form)


@sensitive_variables()
def _activate(
    request: HttpRequest, code: ActivationCode, key: DigitalKey, digits: str
) -> HttpResponse:
    at = timezone.now()
    active = activate_key(code_id=code.pk, key_id=key.pk, typed=digits, at=at)
    visit.finish(request, active, at=at)
    response = pages.see_other("activation:done")
    visit.forget_link(response)
    return response


@sensitive_variables()
def _show_confirm(
    request: HttpRequest, code: ActivationCode, key: DigitalKey, form: DigitsForm
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "key": key}
    if key.kind == KeyKind.APP:
        context["secret"] = totp.grouped(key.secret)
        context["uri"] = _uri(code, key)
    elif key.kind == KeyKind.SMS:
        context["masked"] = mask_phone(key.destination)
    else:
        context["masked"] = mask_email(key.destination)
    return pages.show_step(
        request,
        "activation/confirm_key.html",
        context,
        code=code,
        step="confirm",
        account=not visit.has_account_already(code, at=timezone.now()),
        status=422 if form.errors else 200,
    )


@sensitive_variables()
def _uri(code: ActivationCode, key: DigitalKey) -> str:
    return totp.uri(
        key.secret,
        user_name=key.holder.user_name,
        issuer=code.dossier.office.authority,
    )


@require_safe
@visit.step
@sensitive_variables()
def qr_code(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The app key of this visit as an SVG image.

    An address of its own, because an SVG inside the page would need style
    attributes that the policy forbids. Kept by nobody (`no-store`).
    """
    key = _pending_key(code, visit.key_id(request))
    if key is None or key.kind != KeyKind.APP:
        return HttpResponse(status=404)
    image = io.BytesIO()
    segno.make(_uri(code, key), error="m", micro=False).save(
        image, kind="svg", scale=8, border=4, light="#fff", xmldecl=False
    )
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


@require_POST
@visit.step
def send_again(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Send a new one-time code, within the limits, which are told in words."""
    form = DigitsForm(request.POST)
    form.is_valid()
    key = _pending_key(code, form.cleaned_data.get("key") or visit.key_id(request))
    if key is None:
        return pages.see_other("activation:choose_key")
    visit.key_chosen(request, key)
    try:
        one_time.request_code(code_id=code.pk, key_id=key.pk, at=timezone.now())
    except KeyGoneError:
        return pages.see_other("activation:choose_key")
    except TooManyCodesError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, _("We sent you a new code. The one before no longer works.")
        )
    return pages.see_other("activation:confirm_key")


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The key is active, until when, and what to do now."""
    at = timezone.now()
    finished = visit.finished_key_id(request, at=at)
    if finished is None:
        return pages.see_other("activation:enter_code")
    key = (
        DigitalKey.objects.active(at)
        .select_related("holder", "code__dossier__office")
        .filter(pk=finished)
        .first()
    )
    if key is None or key.valid_until is None:
        return pages.see_other("activation:enter_code")
    return pages.show(
        request,
        "activation/done.html",
        {
            "office": key.code.dossier.office,
            "key": key,
            "until": written_date(
                timezone.localdate(key.valid_until), get_language() or "nl"
            ),
        },
    )
