"""What is sent when something happens: the row is written there and then.

The signals come inside the transaction that made it so. The outbox row is part of
it: an error here rolls all of it back, and a rollback takes the row with it. Only
the wake-up waits for the commit, and what becomes of that is nobody's worry.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from activation import signals
from activation.enums import KeyKind
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
)
from counter.models import Dossier, Enquiry
from notifications.enums import Channel, Kind
from notifications.services import outbox
from notifications.services.rendering import again
from notifications.services.waking import wake_up

OF_A_CODE = (Kind.ACTIVATION_LINK, Kind.REMINDER_WEEK, Kind.REMINDER_LAST)


def _send(
    *,
    kind: Kind,
    subject: UUID,
    channel: Channel = Channel.MAIL,
    dossier: Dossier | None = None,
    enquiry: Enquiry | None = None,
    holder: KeyHolder | None = None,
    at: datetime | None = None,
) -> None:
    """Put the row in here and now; wake a sender once it is committed."""
    outbox.put(
        kind=kind,
        channel=channel,
        subject=subject,
        dossier=dossier,
        enquiry=enquiry,
        holder=holder,
        at=at or timezone.now(),
    )
    transaction.on_commit(wake_up)


@receiver(signals.code_issued)
def send_the_link(*, code: ActivationCode, **_: object) -> None:
    _send(
        kind=Kind.ACTIVATION_LINK,
        subject=code.pk,
        dossier=code.dossier,
    )


@receiver(signals.code_ended)
def drop_what_waits(*, code: ActivationCode, **_: object) -> None:
    now = timezone.now()
    outbox.drop_waiting([code.pk], kinds=OF_A_CODE, at=now)
    again_mails = code.dossier.deliveries.filter(kind=Kind.LINK_AGAIN)
    outbox.drop_waiting(
        again_mails.values_list("subject", flat=True), kinds=[Kind.LINK_AGAIN], at=now
    )


@receiver(signals.code_frozen)
def tell_the_office(*, code: ActivationCode, **_: object) -> None:
    _send(
        kind=Kind.NOT_MINE,
        subject=code.pk,
        dossier=code.dossier,
    )


@receiver(signals.link_asked_again)
def send_the_link_again(
    *, code: ActivationCode, nth: int, at: datetime, **_: object
) -> None:
    _send(
        kind=Kind.LINK_AGAIN,
        subject=again(code.pk, nth),
        dossier=code.dossier,
        at=at,
    )


@receiver(signals.one_time_code_requested)
def send_the_digits(*, one_time_code: OneTimeCode, **_: object) -> None:
    key, holder = one_time_code.key, one_time_code.holder
    _send(
        kind=Kind.ONE_TIME_CODE,
        channel=Channel.SMS if key and key.kind == KeyKind.SMS else Channel.MAIL,
        subject=one_time_code.pk,
        dossier=None if holder else one_time_code.dossier,
        holder=holder,
    )


@receiver(signals.key_activated)
def confirm_the_key(*, key: DigitalKey, **_: object) -> None:
    _send(
        kind=Kind.KEY_ACTIVATED,
        subject=key.pk,
        dossier=key.code.dossier,
    )


@receiver(signals.question_asked)
def bring_to_the_mailbox(*, enquiry: Enquiry, at: datetime, **_: object) -> None:
    _send(
        kind=Kind.ENQUIRY,
        subject=enquiry.pk,
        enquiry=enquiry,
        at=at,
    )


@receiver(signals.holder_changed)
def tell_the_holder(*, change: HolderChange, **_: object) -> None:
    _send(
        kind=Kind.HOLDER_CHANGED,
        subject=change.pk,
        holder=change.holder,
    )
