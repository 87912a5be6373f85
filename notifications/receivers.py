"""Put a message into the outbox when something happens.

The signals are sent inside the transaction that makes the change, so the change and the
row are committed or rolled back together. Only the wake-up waits for the commit; if it
gets lost, the regular task finds the row.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from activation import signals
from activation.codes.reissuing import (
    RESENDS_A_DAY,
    EnoughMailsError,
    MailOnItsWayError,
)
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
)
from activation.one_time.key_kinds import SentBy
from counter import signals as of_staff
from counter.database.any_of import AnyOf
from counter.enums import AccountAct
from counter.models import AccountChange, Dossier, Enquiry, PasswordLink
from counter.offices import midnight
from notifications.enums import Channel, Kind, Skipped
from notifications.letters import skipping
from notifications.letters.rendering import again
from notifications.models import Delivery
from notifications.outbox import marking, outbox
from notifications.outbox.waking import wake_up

OF_A_CODE = (Kind.ACTIVATION_LINK, Kind.REMINDER_WEEK, Kind.REMINDER_LAST)


def _send(  # noqa: PLR0913 (what it is filed under)
    *,
    kind: Kind,
    subject: UUID,
    channel: Channel = Channel.MAIL,
    dossier: Dossier | None = None,
    enquiry: Enquiry | None = None,
    holder: KeyHolder | None = None,
    password_link: PasswordLink | None = None,
    account_change: AccountChange | None = None,
    at: datetime | None = None,
) -> None:
    """Put the row into the outbox now; wake a sender once it is committed."""
    outbox.put(
        kind=kind,
        channel=channel,
        subject=subject,
        dossier=dossier,
        enquiry=enquiry,
        holder=holder,
        password_link=password_link,
        account_change=account_change,
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


@receiver(signals.codes_ended)
def drop_waiting_mails(*, codes: Sequence[ActivationCode], **_: object) -> None:
    _drop(codes, at=timezone.now())


@receiver(signals.code_held)
def hold_waiting_mails(*, code: ActivationCode, at: datetime, **_: object) -> None:
    _drop([code], at=at)


def _drop(codes: Iterable[ActivationCode], *, at: datetime) -> None:
    """Drop the waiting messages about these codes, each with its reason."""
    reasons: dict[Skipped, list[ActivationCode]] = {}
    for code in codes:
        reasons.setdefault(skipping.of_code(code, at=at), []).append(code)
    for because, of_it in reasons.items():
        for kinds, subjects in (
            (OF_A_CODE, [code.pk for code in of_it]),
            ([Kind.LINK_AGAIN], _again_mails(of_it)),
        ):
            marking.drop_waiting(subjects, kinds=kinds, because=because, at=at)


@receiver(signals.code_released)
def send_held_mails(
    *, code: ActivationCode, since: datetime, at: datetime, **_: object
) -> None:
    """Send the link and the reminders that were not sent while the code was on hold or
    locked.

    A reminder whose day is past is dropped again by the sender.
    """
    marking.put_back([code.pk], kinds=OF_A_CODE, since=since, at=at)
    marking.put_back(_again_mails([code]), kinds=[Kind.LINK_AGAIN], since=since, at=at)
    transaction.on_commit(wake_up)


def _again_mails(codes: Iterable[ActivationCode]) -> list[UUID]:
    rows = Delivery.objects.filter(
        AnyOf("dossier", [code.dossier_id for code in codes]), kind=Kind.LINK_AGAIN
    )
    return list(rows.order_by().values_list("subject", flat=True))


@receiver(signals.code_frozen)
def tell_the_office(*, code: ActivationCode, **_: object) -> None:
    _send(
        kind=Kind.NOT_MINE,
        subject=code.pk,
        dossier=code.dossier,
    )


@receiver(signals.address_changed)
def tell_the_old_address(*, change: AddressChange, **_: object) -> None:
    _send(kind=Kind.ADDRESS_CHANGED, subject=change.pk, dossier=change.dossier)


@receiver(signals.address_objected)
def tell_the_office_of_the_address(*, change: AddressChange, **_: object) -> None:
    _send(kind=Kind.ADDRESS_OBJECTED, subject=change.pk, dossier=change.dossier)


@receiver(signals.before_link_again)
def refuse_one_too_many(*, dossier: Dossier, at: datetime, **_: object) -> None:
    """Raises MailOnItsWayError while a link waits to be sent, and EnoughMailsError
    after RESENDS_A_DAY links on a day in Brussels.
    """
    links = Delivery.objects.filter(dossier=dossier)
    waiting = links.filter(kind__in=(Kind.ACTIVATION_LINK, Kind.LINK_AGAIN)).unsent()
    if waiting.exists():
        raise MailOnItsWayError
    began = midnight.before(at)
    today = links.filter(kind=Kind.LINK_AGAIN, created_at__gte=began)
    if today.count() >= RESENDS_A_DAY:
        raise EnoughMailsError


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


def _channel(key: DigitalKey | None) -> Channel:
    """The channel for the digits; a holder without a key gets them by mail."""
    message = key.kind_record.message if key else None
    if message is None:
        return Channel.MAIL
    match message.by:
        case SentBy.TEXT_MESSAGE:
            return Channel.SMS
        case SentBy.MAIL:
            return Channel.MAIL
        case _:
            assert_never(message.by)


@receiver(signals.one_time_code_requested)
def send_the_digits(*, one_time_code: OneTimeCode, **_: object) -> None:
    key, holder = one_time_code.key, one_time_code.holder
    _send(
        kind=Kind.ONE_TIME_CODE,
        channel=_channel(key),
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


@receiver(of_staff.enquiry_answered)
def send_the_answer(*, enquiry: Enquiry, at: datetime, **_: object) -> None:
    _send(
        kind=Kind.ENQUIRY_ANSWER,
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


@receiver(of_staff.password_link_made)
def send_the_password_link(*, link: PasswordLink, **_: object) -> None:
    kind = Kind.STAFF_INVITED if link.is_invitation else Kind.STAFF_PASSWORD
    _send(kind=kind, subject=link.pk, password_link=link, at=link.asked_at)


@receiver(of_staff.account_changed)
def tell_of_the_account(*, change: AccountChange, **_: object) -> None:
    """Tell the account's owner, unless the mail with the link says it, and a second
    supervisor if there is one.
    """
    if change.act not in (AccountAct.MADE, AccountAct.RESET_ASKED):
        _send(kind=Kind.ACCOUNT_OWNER, subject=change.pk, account_change=change)
    if change.second_supervisor is not None:
        _send(kind=Kind.ACCOUNT_SECOND, subject=change.pk, account_change=change)
