"""Find why a message is not sent, for `Delivery.dropped_because`."""

import datetime
from typing import Final

from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey
from notifications.enums import Kind, Skipped
from notifications.letters import rendering
from notifications.models import Delivery
from notifications.reminders.timing import is_its_day

_OF_CODE: Final = {
    CodeState.USED: Skipped.CODE_USED,
    CodeState.REPLACED: Skipped.CODE_REPLACED,
    CodeState.LAPSED: Skipped.CODE_LAPSED,
    CodeState.LOCKED: Skipped.CODE_LOCKED,
    CodeState.FROZEN: Skipped.CODE_FROZEN,
    CodeState.HELD: Skipped.CODE_HELD,
}


def why(delivery: Delivery, *, at: datetime.datetime) -> Skipped:
    """The reason why `render` returns None for this row at this instant."""
    if rendering.lacks_address(delivery, at=at):
        return Skipped.NO_ADDRESS
    kind = Kind(delivery.kind)
    match kind:
        case Kind.ONE_TIME_CODE:
            return Skipped.DIGITS_OVER
        case Kind.ACTIVATION_LINK | Kind.REMINDER_WEEK | Kind.REMINDER_LAST:
            code = ActivationCode.objects.filter(pk=delivery.subject).first()
            return _of_code(code, kind, at)
        case Kind.LINK_AGAIN:
            codes = ActivationCode.objects.filter(dossier=delivery.dossier_id)
            return _of_code(codes.order_by("-issued_at").first(), kind, at)
        case Kind.KEY_ACTIVATED | Kind.KEY_EXPIRES_90 | Kind.KEY_EXPIRES_30:
            key = DigitalKey.objects.filter(pk=delivery.subject).first()
            return _of_key(key, kind, at)
        case _:
            return Skipped.OVER


def of_code(code: ActivationCode, *, at: datetime.datetime) -> Skipped:
    """The reason to drop the waiting messages about this code."""
    return _of_code(code, Kind.ACTIVATION_LINK, at)


def _of_code(code: ActivationCode | None, kind: Kind, at: datetime.datetime) -> Skipped:
    if code is None:
        return Skipped.OVER
    if (ended := _OF_CODE.get(CodeState(code.state))) is not None:
        return ended
    if code.valid_until <= at:
        return Skipped.CODE_LAPSED
    if kind == Kind.LINK_AGAIN and code.dossier.email:
        return Skipped.CODE_REPLACED  # the mail was about an earlier code
    is_reminder = kind in (Kind.REMINDER_WEEK, Kind.REMINDER_LAST)
    if is_reminder and not is_its_day(kind, code, at=at):
        return Skipped.DAY_PAST
    return Skipped.OVER


def _of_key(key: DigitalKey | None, kind: Kind, at: datetime.datetime) -> Skipped:
    if key is None or key.holder.anonymised_at is not None:
        return Skipped.HOLDER_GONE
    if key.state == KeyState.REVOKED:
        is_replaced = DigitalKey.objects.filter(replaces=key).exists()
        return Skipped.KEY_REPLACED if is_replaced else Skipped.KEY_ENDED
    if key.state != KeyState.ACTIVE or key.valid_until is None or key.valid_until <= at:
        return Skipped.KEY_ENDED
    if kind != Kind.KEY_ACTIVATED and not is_its_day(kind, key, at=at):
        return Skipped.DAY_PAST
    return Skipped.OVER
