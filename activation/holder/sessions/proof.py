"""Asking for the digits of a key, for every page that needs this proof."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.enums import Purpose, SignInFor, SignInResult
from activation.exceptions import (
    ActivationError,
    KeyGoneError,
    StartAgainError,
    TooManyCodesError,
    UsedDigitsError,
    WrongDigitsError,
    sentence,
)
from activation.holder import proving, signing_in
from activation.holder.key_label import shown_key
from activation.holder.sessions import clock_hint, session
from activation.holder.sessions.device import device_of
from activation.holder.wrong_tries import CountOf, Tries
from activation.journey import digits_context
from activation.journey.digits_context import time_of_day
from activation.journey.forms.key import DigitsForm
from activation.models import DigitalKey, KeyHolder
from activation.one_time import holder_codes


@dataclass(frozen=True)
class Reason:
    """Why a key is asked for.

    `purpose` is the purpose of the digits; `in_history` is what the history says.
    """

    purpose: Purpose
    in_history: SignInFor

    @property
    def button(self) -> str:
        """The text of the button that sends the form."""
        if self.purpose == Purpose.SIGN_IN:
            return _("Sign in")
        is_end = self.in_history == SignInFor.REVOKE_KEY
        return _("Revoke this key") if is_end else _("Go on")


def choose(
    request: HttpRequest,
    holder: KeyHolder,
    *,
    at: datetime,
    named: uuid.UUID | None,
    purpose: Purpose = Purpose.CONFIRM,
) -> tuple[DigitalKey | None, list[DigitalKey]]:
    """The key to ask for, and all keys that may be used for this `purpose`.

    It is the key `named`, else the one chosen before, else `proving.preferred`.
    """
    keys = proving.keys_for(holder, purpose, at=at)
    for wanted in (named, session.chosen_key_id(request)):
        for key in keys:
            if key.pk == wanted:
                return key, keys
    return proving.preferred(keys), keys


def send(
    request: HttpRequest,
    holder: KeyHolder,
    key: DigitalKey,
    *,
    purpose: Purpose,
    at: datetime,
) -> None:
    """Choose a key, and send it digits unless valid ones were sent before.

    With `again` in the form (the button “Send a new code”) new digits are sent in any
    case. Nothing is sent to an app.
    """
    session.choose_key(request, key.pk)
    if not key.kind_record.has_destination:
        return
    if "again" not in request.POST and holder_codes.is_on_its_way(
        holder=holder, key=key, purpose=purpose, at=at
    ):
        return
    try:
        holder_codes.request_code(holder=holder, key=key, purpose=purpose, at=at)
    except TooManyCodesError as error:
        button = _send_button(holder, key, purpose=purpose, at=at)
        messages.warning(request, error.then_press(button))
    else:
        messages.success(request, _("We sent you a new code."))


def send_chosen(
    request: HttpRequest, holder: KeyHolder, *, purpose: Purpose, at: datetime
) -> None:
    """Choose the key that the form names, and send it digits if it needs them.

    They are sent for the key's own holder, because in a recovery two accounts may share
    the mailbox.
    """
    form = DigitsForm(request.POST)
    form.is_valid()
    named = form.cleaned_data.get("key")
    key, _keys = choose(request, holder, at=at, named=named, purpose=purpose)
    if key is not None:
        send(request, key.holder, key, purpose=purpose, at=at)


@sensitive_variables()
def prove(
    request: HttpRequest,
    holder: KeyHolder,
    form: DigitsForm,
    key: DigitalKey,
    *,
    what_for: Reason,
    at: datetime,
) -> DigitalKey | None:
    """Return the key if the form's digits are right; otherwise add a form error.

    The result is added to the holder's history. Exceptions are a complete sign-in,
    which `signing_in.complete` adds, and digits that were not compared, for example
    because the person has to wait.
    """
    shown_key, result = _prove(request, holder, form, key, what_for, at)
    is_complete = shown_key is not None and what_for.purpose == Purpose.SIGN_IN
    if result is not None and not is_complete:
        signing_in.note_sign_in(
            key.holder,
            result,
            device=device_of(request, key.holder),
            at=at,
            key=key,
            what_for=what_for.in_history,
        )
    return shown_key


@sensitive_variables()
def _prove(
    request: HttpRequest,
    holder: KeyHolder,
    form: DigitsForm,
    key: DigitalKey,
    what_for: Reason,
    at: datetime,
) -> tuple[DigitalKey | None, SignInResult | None]:
    """The key if the digits are right, and the result for the history.

    The result is None when no digits were compared.
    """
    purpose = what_for.purpose
    try:
        shown_key = proving.prove(
            holder=holder,
            key_id=key.pk,
            typed=form.cleaned_data["digits"],
            purpose=purpose,
            tries=_tries(request, holder, purpose),
            at=at,
        )
    except ActivationError as error:
        form.add_error("digits", _told(request, key, error, what_for, at))
        return None, _result(error)
    return shown_key, SignInResult.KEY_SHOWN


def _result(error: ActivationError) -> SignInResult | None:
    if not error.was_compared:
        return None
    was_used = isinstance(error, UsedDigitsError)
    return SignInResult.USED_DIGITS if was_used else SignInResult.WRONG_DIGITS


def _told(
    request: HttpRequest,
    key: DigitalKey,
    error: ActivationError,
    what_for: Reason,
    at: datetime,
) -> str:
    """The text of the form error for digits that were refused."""
    match error:
        case UsedDigitsError():
            return str(error)
        case WrongDigitsError():
            return clock_hint.sentence(request, key, error, at=at)
        case KeyGoneError():
            return _("This key is no longer active. Choose another.")
        case StartAgainError():
            return _what_helps(key, error, purpose=what_for.purpose, at=at)
    return sentence(error, button=_pressed(key, what_for, at))


def _pressed(key: DigitalKey, what_for: Reason, at: datetime) -> str:
    """The button of the page that comes back: without digits none can be typed."""
    if is_ready(key.holder, key, purpose=what_for.purpose, at=at):
        return what_for.button
    return _send_button(key.holder, key, purpose=what_for.purpose, at=at)


@sensitive_variables()
def _tries(request: HttpRequest, holder: KeyHolder, purpose: Purpose) -> Tries:
    """Who gets as far as this has the password, the mailbox or the session."""
    if purpose == Purpose.SIGN_IN:
        return Tries(CountOf.KEY, holder.user_name)
    if purpose == Purpose.RECOVER:
        return Tries(CountOf.RECOVERY, holder.user_name)
    return session.tries(request)


def is_ready(
    holder: KeyHolder, key: DigitalKey, *, purpose: Purpose, at: datetime
) -> bool:
    """Whether there are digits to type: an app has them, a message has to be sent."""
    return not key.kind_record.has_destination or holder_codes.is_on_its_way(
        holder=holder, key=key, purpose=purpose, at=at
    )


def _send_button(
    holder: KeyHolder, key: DigitalKey, *, purpose: Purpose, at: datetime
) -> str:
    """As _proof.html names it: for other digits than those on their way, or any."""
    is_sent = is_ready(holder, key, purpose=purpose, at=at)
    return _("Send a new code") if is_sent else _("Send me a code")


def _what_helps(
    key: DigitalKey, error: StartAgainError, *, purpose: Purpose, at: datetime
) -> str:
    """No message is tried any more for a while; an app goes on working."""
    button = _send_button(key.holder, key, purpose=purpose, at=at)
    when = error.then_press(button)
    keys = proving.keys_for(key.holder, purpose, at=at)
    if any(not other.kind_record.has_destination for other in keys):
        return format_html("{} {}", when, _("You can use your app now."))
    return when


def context(
    holder: KeyHolder,
    key: DigitalKey,
    keys: list[DigitalKey],
    form: DigitsForm,
    *,
    purpose: Purpose,
    at: datetime,
) -> dict[str, object]:
    """What templates/activation/holder/_proof.html needs, but for its two addresses."""
    is_shown = not key.kind_record.has_destination
    return {
        "form": form,
        "proof": shown_key(key, among=keys),
        "is_ready": is_ready(holder, key, purpose=purpose, at=at),
        "others": [
            shown_key(other, among=keys) for other in keys if other.pk != key.pk
        ],
        "now": time_of_day(at),
        "allowed": [] if is_shown else digits_context.allowed(key, purpose, at=at),
        "has_two_apps": is_shown and sum(other.kind == key.kind for other in keys) > 1,
    }
