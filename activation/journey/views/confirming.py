"""The page on which the applicant types the six digits that confirm the new key.

Also the app's QR code, and the button that sends new digits.
"""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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

from activation.enums import KeyState
from activation.exceptions import (
    AccountMovedError,
    KeyGoneError,
    KindSwitchedOffError,
    OneTimeCodeError,
    StartAgainError,
    TooManyCodesError,
    WrongDigitsError,
)
from activation.holder.exceptions import TooManyKeysError
from activation.holder.sessions.device import device_of
from activation.journey import (
    dead_ends,
    digits_context,
    ending,
    opened_links,
    steps,
    visit,
)
from activation.journey.activating import activate_key
from activation.journey.forms.key import DigitsForm
from activation.journey.visit import Visit
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time import one_time
from activation.one_time.key_kinds import SentBy
from activation.web import pages


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
@steps.step
@sensitive_variables()
def confirm_key(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Activate the key when the six digits from the app or the message are right.

    The form has the id of its key, so that a key that was chosen in a second tab does
    not change which key is confirmed here.
    """
    form = DigitsForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key = _key_or_way_on(request, code, named)
    if isinstance(key, HttpResponse):
        return key
    if valid:
        try:
            return _activate(request, code, key, form.cleaned_data["digits"])
        except StartAgainError as error:
            return dead_ends.start_again(request, code, free_at=error.free_at)
        except AccountMovedError:
            return pages.to_step("choose_account", code.pk)
        except (KeyGoneError, TooManyKeysError, KindSwitchedOffError) as error:
            if isinstance(error, KindSwitchedOffError):
                messages.warning(request, str(error))
            return pages.to_step("choose_key", code.pk)
        except WrongDigitsError as error:
            form.add_error("digits", str(error) or str(digits_context.NOT_OF_NOW))
        except OneTimeCodeError as error:
            form.add_error("digits", str(error))
    return _show_confirm(request, code, key, form)


@sensitive_variables()
def _activate(
    request: HttpRequest, code: ActivationCode, key: DigitalKey, typed: str
) -> HttpResponse:
    at = timezone.now()
    active = activate_key(
        code_id=code.pk,
        key_id=key.pk,
        typed=typed,
        account=visit.relied_on(request, code.pk),
        device=device_of(request, key.holder),
        at=at,
    )
    ending.finish(request, active, at=at)
    response = pages.to_step("done", code.pk)
    opened_links.forget(request, response, code.pk)
    return response


@sensitive_variables()
def _show_confirm(
    request: HttpRequest, code: ActivationCode, key: DigitalKey, form: DigitsForm
) -> HttpResponse:
    at = timezone.now()
    message = key.kind_record.message
    is_typed = message is not None and message.by is SentBy.TEXT_MESSAGE
    before = "enter_number" if is_typed else "choose_key"
    here = Visit.here(request, code.pk)
    return pages.show_step(
        request,
        "activation/journey/confirm_key.html",
        {
            "form": form,
            "key": key,
            "is_typed": is_typed,
            "notice": _chosen_twice(code, key, at=at),
            **digits_context.context_of(
                key, at=at, is_known=here.knows(key), knows_name=here.knows_name
            ),
        },
        code=code,
        step="confirm",
        back=pages.step_address(before, code.pk),
        status=422 if form.errors else 200,
    )


def _key_or_way_on(
    request: HttpRequest, code: ActivationCode, named: uuid.UUID | None
) -> DigitalKey | HttpResponse:
    """The key with the id `named`, or else the key of this visit.

    A redirect when the account has to be chosen first, or when the key is no longer
    being set up.
    """
    if visit.needs_account(request, code, at=timezone.now()):
        return pages.to_step("choose_account", code.pk)
    wanted = named or visit.key_id(request, code.pk)
    return pending_key(code, wanted) or _choose_again(request, code, wanted)


def _choose_again(
    request: HttpRequest, code: ActivationCode, key_id: uuid.UUID | None
) -> HttpResponse:
    """Redirect to the choice of a key, because this key is no longer being set up.

    When it is an app of this visit, a newer QR code has replaced it. The message says
    so, because the person may have scanned the old QR code and would type digits that
    are never right.
    """
    if key_id and key_id == Visit.here(request, code.pk).app_id:
        messages.warning(
            request,
            _(
                "Meanwhile another picture for the app was made with this code, in "
                "another window or on another device. The one that you scanned here "
                "no longer counts: delete it in the app. Choose your key again."
            ),
        )
    return pages.to_step("choose_key", code.pk)


def _chosen_twice(code: ActivationCode, key: DigitalKey, *, at: datetime) -> str:
    """Text that the digits of this key no longer work; or "".

    They stop working when another key is chosen with the same code and gets digits.
    """
    others = DigitalKey.objects.filter(code=code, state=KeyState.PENDING)
    others = others.exclude(pk=key.pk)
    if not key.kind_record.has_destination:
        return ""
    sent = OneTimeCode.objects.working(at)
    if sent.filter(key=key).exists() or not sent.filter(key__in=others).exists():
        return ""
    return _(
        "Another key was chosen with this code after this one, here or on another "
        "device. The digits that we sent for this one no longer work. Go on there, or "
        "ask for new digits below."
    )


@require_safe
@steps.step
@sensitive_variables()
def qr_code(request: HttpRequest, code: ActivationCode, pk: uuid.UUID) -> HttpResponse:
    """The QR code of the app that is set up in this visit; 404 for any other key."""
    here = Visit.here(request, code.pk)
    key = pending_key(code, pk if pk == here.app_id else None)
    return digits_context.qr_image(key, knows_name=here.knows_name)


@pages.sent_from("activation_journey:confirm_key")
@steps.step
def send_again(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Send a new one-time code; when a limit is reached, a message says how long."""
    form = DigitsForm(request.POST)
    form.is_valid()
    key = _key_or_way_on(request, code, form.cleaned_data.get("key"))
    if isinstance(key, HttpResponse):
        return key
    visit.key_named(request, key)
    try:
        one_time.request_code(code_id=code.pk, key_id=key.pk, at=timezone.now())
    except KeyGoneError:
        return pages.to_step("choose_key", code.pk)
    except TooManyCodesError as error:
        messages.warning(request, error.then_press(_("Send a new code")))
    else:
        messages.success(
            request, _("We sent you a new code. The one before no longer works.")
        )
    return pages.to_step("confirm_key", code.pk)
