"""Six digits of the new key, and what to try when they do not arrive or fit."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from activation.enums import KeyKind
from activation.exceptions import (
    KeyGoneError,
    KindSwitchedOffError,
    OneTimeCodeError,
    StartAgainError,
    TooManyCodesError,
    WrongDigitsError,
)
from activation.forms.key import DigitsForm
from activation.holder_exceptions import TooManyKeysError
from activation.models import ActivationCode, DigitalKey
from activation.services import one_time
from activation.services.activating import activate_key
from activation.views import digits, pages, visit


def pending_key(code: ActivationCode, key_id: uuid.UUID | None) -> DigitalKey | None:
    if key_id is None:
        return None
    return (
        DigitalKey.objects.select_related("holder", "code__dossier__office")
        .being_set_up(timezone.now())
        .filter(pk=key_id, code=code)
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
            return visit.start_again(request, code, free_at=error.free_at)
        except (KeyGoneError, TooManyKeysError):
            return pages.see_other("activation:choose_key")
        except KindSwitchedOffError as error:
            messages.warning(request, str(error))
            return pages.see_other("activation:choose_key")
        except WrongDigitsError as error:
            form.add_error("digits", str(error) or str(digits.NOT_OF_NOW))
        except OneTimeCodeError as error:
            form.add_error("digits", str(error))
    return _show_confirm(request, code, key, form)


@sensitive_variables()
def _activate(
    request: HttpRequest, code: ActivationCode, key: DigitalKey, typed: str
) -> HttpResponse:
    at = timezone.now()
    active = activate_key(code_id=code.pk, key_id=key.pk, typed=typed, at=at)
    visit.finish(request, active, at=at)
    response = pages.see_other("activation:done")
    visit.forget_link(response)
    return response


@sensitive_variables()
def _show_confirm(
    request: HttpRequest, code: ActivationCode, key: DigitalKey, form: DigitsForm
) -> HttpResponse:
    at = timezone.now()
    before = "enter_number" if key.kind == KeyKind.SMS else "choose_key"
    return pages.show_step(
        request,
        "activation/confirm_key.html",
        {"form": form, "key": key, **digits.context_of(key, at=at)},
        code=code,
        step="confirm",
        back=reverse(f"activation:{before}"),
        status=422 if form.errors else 200,
    )


@require_safe
@visit.step
@sensitive_variables()
def qr_code(_request: HttpRequest, code: ActivationCode, pk: uuid.UUID) -> HttpResponse:
    """The app key of the page that shows it, to scan; none but this code's."""
    return digits.qr_image(pending_key(code, pk))


@pages.sent_from("activation:confirm_key")
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
