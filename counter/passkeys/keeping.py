"""A clerk's passkeys: verified at sign-in, added and removed by their owner.

A passkey replaces only the app's digits, after the password
(docs/decisions/066-passkeys.md). The app stays set up, so that its digits can be used
in a browser without the passkey. A supervisor's reset removes the app and all passkeys
(counter.sign_in.sign_in_app.reset).
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from counter.enums import AccountAct
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Passkey, SecondFactor
from counter.passkeys import ceremonies, challenges
from counter.passkeys.challenges import Purpose
from counter.sign_in import sign_in_app
from counter.sign_in.secrets import check_secret
from counter.sign_in.tries import Door
from counter.staff import account_changes

#: Enough for all devices of a person. The number is limited because all of them are
#: sent to the browser at every sign-in.
MOST: Final = 10


def are_offered() -> bool:
    """Whether a second factor is required, and browsers make passkeys for this site."""
    return sign_in_app.is_required() and ceremonies.is_possible()


def are_asked_of(clerk: Clerk) -> bool:
    return are_offered() and clerk.passkeys.exists()


@sensitive_variables()
def accept(
    request: HttpRequest, *, clerk: Clerk, answer: str, door: Door, at: datetime
) -> None:
    """Accept the answer of one of this clerk's passkeys to the session's challenge.

    Raises ValidationError with a sentence for the clerk. The attempt is counted before
    the answer is verified, as with digits (counter.sign_in.tries). A wrong answer uses
    up the challenge too.
    """
    check_secret(
        lambda: _take(request, clerk, answer, at=at),
        user_name=clerk.get_username(),
        door=door,
        at=at,
    )


@sensitive_variables()
def _take(request: HttpRequest, clerk: Clerk, answer: str, *, at: datetime) -> None:
    challenge = challenges.take(request, clerk, Purpose.SIGN_IN, at=at)
    credential_id = ceremonies.credential_id_of(answer)
    passkey = clerk.passkeys.filter(credential_id=credential_id).first()
    if challenge is None or passkey is None:
        raise ceremonies.refusal()
    count = ceremonies.signed(answer, passkey=passkey, challenge=challenge)
    # No row is updated when the passkey was removed meanwhile, or when a copy of it
    # signed at the same time. Then the answer is refused.
    unused = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count)
    if not unused.update(sign_count=count, last_used_at=at):
        raise ceremonies.refusal()


@sensitive_variables()
def add(
    request: HttpRequest, *, clerk: Clerk, name: str, answer: str, at: datetime
) -> Passkey:
    """Store the passkey that the browser made; its owner is told by mail.

    Raises ValidationError with a sentence for the clerk.
    """
    challenge = challenges.take(request, clerk, Purpose.ADD, at=at)
    if challenge is None:
        raise ValidationError(
            _("That took longer than five minutes. Try it again."), code="late"
        )
    new = ceremonies.verify_new_passkey(answer, challenge=challenge)
    passkey = Passkey(
        clerk=clerk,
        name=name,
        credential_id=new.credential_id,
        sign_count=new.sign_count,
        added_at=at,
    )
    passkey.public_key = new.public_key
    try:
        with transaction.atomic():
            _save(passkey, at=at)
    except IntegrityError:
        raise ValidationError(
            _("This passkey was added before."), code="known"
        ) from None
    return passkey


def _save(passkey: Passkey, *, at: datetime) -> None:
    clerk = passkey.clerk
    # The lock is kept until the transaction ends. A reset at the same time waits, and
    # then removes this passkey too. If the reset was first, there is no app any more.
    app = SecondFactor.objects.confirmed().select_for_update().filter(pk=clerk.pk)
    if not app:
        raise ValidationError(
            _("Your app was reset meanwhile: sign in again."), code="reset"
        )
    if clerk.passkeys.count() >= MOST:
        raise ValidationError(
            _("You have %(most)s passkeys. Remove one first.") % {"most": MOST},
            code="many",
        )
    passkey.save(force_insert=True)
    journal.write(Event.PASSKEY_ADDED, {"passkey": passkey.name}, clerk=clerk)
    account_changes.note(account=clerk, by=None, act=AccountAct.PASSKEY_ADDED, at=at)


@transaction.atomic
def remove(*, clerk: Clerk, passkey: UUID, at: datetime) -> bool:
    """Remove a passkey of this clerk, and tell them by mail; False if there is none."""
    row = clerk.passkeys.select_for_update().filter(pk=passkey).first()
    if row is None:
        return False
    row.delete()
    journal.write(Event.PASSKEY_REMOVED, {"passkey": row.name}, clerk=clerk)
    account_changes.note(account=clerk, by=None, act=AccountAct.PASSKEY_REMOVED, at=at)
    return True
