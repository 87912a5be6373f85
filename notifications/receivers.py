"""What is sent when something happens: the row is written there and then.

The signals come inside the transaction that made it so. The outbox row is part of
it: an error here rolls all of it back, and a rollback takes the row with it. Only
the wake-up waits for the commit, and what becomes of that is nobody's worry.
"""

from datetime import datetime

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from activation import signals
from activation.enums import KeyKind
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    OneTimeCode,
)
from counter.models import Enquiry
from notifications.enums import Channel, Kind
from notifications.services import outbox
from notifications.services.rendering import again
from notifications.services.waking import wake_up

OF_A_CODE = (Kind.ACTIVATION_LINK, Kind.REMINDER_WEEK, Kind.REMINDER_LAST)


@receiver(signals.code_issued)
def send_the_link(*, code: ActivationCode, **_: object) -> None:
    outbox.put(
        kind=Kind.ACTIVATION_LINK,
        channel=Channel.MAIL,
        subject=code.pk,
        dossier=code.dossier,
        at=timezone.now(),
    )
    transaction.on_commit(wake_up)


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
    outbox.put(
        kind=Kind.NOT_MINE,
        channel=Channel.MAIL,
        subject=code.pk,
        dossier=code.dossier,
        at=timezone.now(),
    )
    transaction.on_commit(wake_up)


@receiver(signals.link_asked_again)
def send_the_link_again(
    *, code: ActivationCode, nth: int, at: datetime, **_: object
) -> None:
    outbox.put(
        kind=Kind.LINK_AGAIN,
        channel=Channel.MAIL,
        subject=again(code.pk, nth),
        dossier=code.dossier,
        at=at,
    )
    transaction.on_commit(wake_up)


@receiver(signals.one_time_code_requested)
def send_the_digits(*, one_time_code: OneTimeCode, **_: object) -> None:
    key, holder = one_time_code.key, one_time_code.holder
    outbox.put(
        kind=Kind.ONE_TIME_CODE,
        channel=Channel.SMS if key and key.kind == KeyKind.SMS else Channel.MAIL,
        subject=one_time_code.pk,
        dossier=None if holder else one_time_code.dossier,
        holder=holder,
        at=timezone.now(),
    )
    transaction.on_commit(wake_up)


@receiver(signals.key_activated)
def confirm_the_key(*, key: DigitalKey, **_: object) -> None:
    outbox.put(
        kind=Kind.KEY_ACTIVATED,
        channel=Channel.MAIL,
        subject=key.pk,
        dossier=key.code.dossier,
        at=timezone.now(),
    )
    transaction.on_commit(wake_up)


@receiver(signals.question_asked)
def bring_to_the_mailbox(*, enquiry: Enquiry, at: datetime, **_: object) -> None:
    outbox.put(
        kind=Kind.ENQUIRY,
        channel=Channel.MAIL,
        subject=enquiry.pk,
        enquiry=enquiry,
        at=at,
    )
    transaction.on_commit(wake_up)


@receiver(signals.holder_changed)
def tell_the_holder(*, change: HolderChange, **_: object) -> None:
    outbox.put(
        kind=Kind.HOLDER_CHANGED,
        channel=Channel.MAIL,
        subject=change.pk,
        holder=change.holder,
        at=timezone.now(),
    )
    transaction.on_commit(wake_up)
