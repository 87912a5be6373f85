"""Six digits of the new key, and what to try when they do not arrive or fit."""

import io
import uuid
from datetime import datetime
from typing import Final

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
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

from activation import phones, totp
from activation.enums import KeyKind, KeyState
from activation.exceptions import (
    KeyGoneError,
    OneTimeCodeError,
    StartAgainError,
    TooManyCodesError,
    WrongDigitsError,
    wait_sentence,
)
from activation.forms.key import DigitsForm
from activation.masking import mask_email
from activation.models import ActivationCode, DigitalKey
from activation.services import one_time
from activation.services.activating import activate_key
from activation.views import pages, visit

_NOT_OF_NOW: Final = gettext_lazy(
    "These are not the digits of now. Wait for new ones and type them."
)


def pending_key(code: ActivationCode, key_id: uuid.UUID | None) -> DigitalKey | None:
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
    key = pending_key(code, named or visit.key_id(request))
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
        except WrongDigitsError as error:
            form.add_error("digits", str(error) or str(_NOT_OF_NOW))
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
    at = timezone.now()
    if key.kind == KeyKind.APP:
        context: dict[str, object] = {
            "secret": totp.grouped(key.secret),
            "uri": _uri(code, key),
            "now": _clock(at),
        }
    else:
        context = _about_message(key, at)
    return pages.show_step(
        request,
        "activation/confirm_key.html",
        {"form": form, "key": key, **context},
        code=code,
        step="confirm",
        account=not visit.has_account_already(code, at=at),
        status=422 if form.errors else 200,
    )


@sensitive_variables()
def _about_message(key: DigitalKey, at: datetime) -> dict[str, object]:
    """Where it went, until when it is good, and what may still be asked for.

    The number stands there whole, unlike on any other page: it was typed a moment
    ago, and a slip in it is only seen when all of it can be.
    """
    language = get_language() or "nl"
    live = key.one_time_codes.live(at).first()
    return {
        "sent_to": phones.national(key.destination, language=language)
        if key.kind == KeyKind.SMS
        else mask_email(key.destination),
        "works_until": _clock(live.valid_until) if live else "",
        "allowed": _allowed(key, at),
    }


def _allowed(key: DigitalKey, at: datetime) -> list[str]:
    """The limits of SECURITY.md, section 1, in words."""
    allowed = one_time.allowance(
        holder=key.holder, destination=bytes(key.destination_index or b""), at=at
    )
    said = []
    if allowed.free_at > at:
        said.append(wait_sentence(free_at=allowed.free_at, at=at))
    if 0 < allowed.today <= allowed.this_hour:
        said.append(
            ngettext(
                "You can ask for one more code today.",
                "You can ask for %(count)d more codes today.",
                allowed.today,
            )
            % {"count": allowed.today}
        )
    elif allowed.this_hour > 0:
        said.append(
            ngettext(
                "You can ask for one more code within this hour.",
                "You can ask for %(count)d more codes within this hour.",
                allowed.this_hour,
            )
            % {"count": allowed.this_hour}
        )
    return said


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


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
    key = pending_key(code, visit.key_id(request))
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
    key = pending_key(code, form.cleaned_data.get("key") or visit.key_id(request))
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
