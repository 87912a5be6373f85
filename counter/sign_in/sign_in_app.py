"""The authenticator app of staff, with six digits
(docs/security.md#authenticator-apps).

The app is set up at the first sign-in. Its digits are required at each later sign-in,
and when a supervisor agrees at a clerk's screen; the lock screen asks only for the
password. The secret is stored encrypted, and the digits of each step are accepted once.
Tries are counted before the comparison (counter.sign_in.tries), apart from those of
passwords: a right password does not reset the count of wrong digits.
"""

import uuid
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import AccountAct, StaffSecret
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, SecondFactor
from counter.sign_in import single_session, totp, tries
from counter.sign_in.secrets import check_secret
from counter.sign_in.session_end import SessionEnd
from counter.sign_in.tries import Door
from counter.staff import account_changes, same_hands

ISSUER: Final = "Sleutelloket"


def is_required() -> bool:
    return bool(settings.STAFF_SECOND_FACTOR)


def is_set_up(clerk: Clerk) -> bool:
    return SecondFactor.objects.confirmed().filter(pk=clerk.pk).exists()


@sensitive_variables()
def begin(*, clerk: Clerk, at: datetime) -> uuid.UUID | None:
    """Begin an attempt to set up an app, with a new secret; returns its id.

    None when an app is set up already. An earlier attempt that was not confirmed ends,
    so that its secret can no longer be confirmed.
    """
    new = SecondFactor(clerk=clerk, attempt=uuid.uuid4(), begun_at=at)
    new.secret = totp.new_secret()
    SecondFactor.objects.bulk_create([new], ignore_conflicts=True)
    begun = SecondFactor.objects.filter(pk=clerk.pk, confirmed_at=None).update(
        attempt=new.attempt, begun_at=at, secret_sealed=new.secret_sealed
    )
    return new.attempt if begun else None


@sensitive_variables()
def uri(factor: SecondFactor) -> str:
    """The text of the QR code."""
    return totp.uri(factor.secret, user_name=factor.clerk.get_username(), issuer=ISSUER)


@sensitive_variables()
def confirm(*, factor: SecondFactor, typed: str, door: Door, at: datetime) -> None:
    """Confirm the app when `typed` are the digits of its secret at this time.

    The colleague who reset the app or made the account is recorded, because the new app
    may be theirs (counter.staff.same_hands). Raises ValidationError with a sentence
    when the digits are wrong, or another attempt was begun.
    """
    clerk = factor.clerk
    step = check_secret(
        lambda: _step(factor, typed, at=at),
        user_name=clerk.get_username(),
        door=door,
        at=at,
    )
    with transaction.atomic():
        attempt = SecondFactor.objects.of_attempt(factor.attempt).filter(pk=clerk.pk)
        if not attempt.update(confirmed_at=at, last_step=step):
            raise ValidationError(_("This app was set up meanwhile."), code="attempt")
        journal.write(Event.SECOND_FACTOR_SET_UP, clerk=clerk)
        # The week of same_hands begins here: only now the app can be used to sign in.
        if by := account_changes.hand_in_app(clerk):
            account_changes.note(account=clerk, by=by, act=AccountAct.APP_SET_UP, at=at)


@sensitive_variables()
def accept(*, clerk: Clerk, typed: str, door: Door, at: datetime) -> None:
    """Accept the digits that the clerk's app shows now; the same digits only once.

    `door` is where they were typed. Raises ValidationError with a sentence.
    """
    factor = SecondFactor.objects.confirmed().filter(pk=clerk.pk).first()
    if factor is None:
        raise ValidationError(
            _("No app is set up for this account: sign in at the desk first."),
            code="none",
        )
    check_secret(
        lambda: _take(factor, typed, at=at),
        user_name=clerk.get_username(),
        door=door,
        at=at,
    )


@sensitive_variables()
def _take(factor: SecondFactor, typed: str, *, at: datetime) -> None:
    step = _step(factor, typed, at=at)
    if not SecondFactor.objects.confirmed().filter(pk=factor.pk).use_step(step):
        raise ValidationError(
            _("These digits were used already. Wait for new ones and type them."),
            code="used",
        )


@sensitive_variables()
def _step(factor: SecondFactor, typed: str, *, at: datetime) -> int:
    """The step of these digits. Raises ValidationError when no step matches."""
    step = totp.matching_step(factor.secret, typed, at=at)
    if step is None:
        raise ValidationError(
            _("These are not the current digits. Wait for new ones and type them."),
            code="digits",
        )
    return step


@transaction.atomic
def reset(
    *, clerk: Clerk, by: Clerk | None, at: datetime, agreed: Clerk | None = None
) -> bool:
    """Remove the app and all passkeys of the account, and end all its sessions.

    Passkeys go too, because one may be on the lost phone. The next sign-in sets up a
    new app. `by` asks for the reset and the supervisor `agreed` agrees; both are None
    for a management command. Returns False when there was no app. Raises ValueError
    when `agreed` is missing, or is `by` or the owner; SameHandsError when the two count
    as one person.
    """
    if by is not None:
        if agreed is None or agreed.pk in (by.pk, clerk.pk):
            raise ValueError("A second supervisor has to agree.")
        same_hands.refuse(by, agreed, at=at)
    removed, _rows = SecondFactor.objects.confirmed().filter(pk=clerk.pk).delete()
    if not removed:
        return False
    # After the app's row: adding a passkey locks that row (counter.passkeys.keeping),
    # so a concurrent one has ended before this, or finds no app any more.
    clerk.passkeys.all().delete()
    single_session.end_all(clerk, why=SessionEnd.APP_RESET)
    for secret in (StaffSecret.DIGITS, StaffSecret.PASSKEY):
        tries.forgive_name(clerk.get_username(), secret)
    event, details = Event.SECOND_FACTOR_RESET, {"who": clerk}
    if agreed is not None:
        event = Event.SECOND_FACTOR_RESET_WITH
        details["colleague"] = agreed
    journal.write(event, details, clerk=by, office=clerk.office)
    account_changes.note(account=clerk, by=by, act=AccountAct.APP_RESET, at=at)
    return True


def why_over(clerk: Clerk) -> str:
    """The sentence why the clerk's last session was ended (single_session.is_over)."""
    return str(SessionEnd(clerk.sign_in.session_ended_by).label)
