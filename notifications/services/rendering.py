"""From an outbox row to the message a person gets, made when it is sent.

The row knows a kind and a subject's id. Address, name, link and digits are read and
derived here, at the last moment, so none of them lies in the outbox and what is
over is not sent any more.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables

from activation import links
from activation.enums import KeyKind
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
)
from activation.services.one_time import one_time_text
from activation.wording import DUTCH, office_contact
from counter.enums import Event
from counter.models import Dossier, JournalEntry
from notifications import texts
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from notifications.services.timing import days_left, is_its_day

_OF_DOSSIER: Final = ("dossier__applicant", "dossier__office")


@dataclasses.dataclass(frozen=True)
class Mail:
    """One mail to one address; its representation names neither."""

    to: str = dataclasses.field(repr=False)
    message: texts.Message = dataclasses.field(repr=False)
    message_id: str
    languages: tuple[str, ...]
    reply_to: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True)
class TextMessage:
    """One SMS to one number; its representation shows neither."""

    to: str = dataclasses.field(repr=False)
    text: str = dataclasses.field(repr=False)
    reference: str


Outgoing = Mail | TextMessage


@sensitive_variables()
def render(delivery: Delivery, *, at: datetime.datetime) -> Outgoing | None:
    """What to send for this row at this instant; None when it is over.

    Over is: the code was used, replaced, locked or has lapsed, the six digits
    expired, the key ended, a reminder's day is past, or the address was removed.
    """
    message = _RENDER[Kind(delivery.kind)](delivery, at)
    return message if message is not None and message.to else None


def _mail(
    delivery: Delivery,
    dossier: Dossier,
    message: texts.Message,
    *,
    to: str = "",
    language: str = "",
) -> Mail:
    language = language or dossier.language
    return Mail(
        to=to or dossier.email,
        message=message,
        message_id=delivery.message_id,
        languages=(DUTCH,) if language == DUTCH else (DUTCH, language),
    )


def again(code_id: uuid.UUID, nth: int) -> uuid.UUID:
    """The subject of a code's mail when it is sent for the nth time more."""
    return uuid.uuid5(code_id, f"again {nth}")


def _usable_code(delivery: Delivery, at: datetime.datetime) -> ActivationCode | None:
    codes = ActivationCode.objects.usable(at).select_related(*_OF_DOSSIER)
    if delivery.kind != Kind.LINK_AGAIN:
        return codes.filter(pk=delivery.subject).first()
    code = codes.filter(dossier=delivery.dossier_id).first()
    if code is None or not _is_of(code, delivery):
        return None  # a newer code has a mail of its own
    return code


def _is_of(code: ActivationCode, delivery: Delivery) -> bool:
    # Counted where `nth` comes from: the journal outlives the deliveries.
    times = JournalEntry.objects.filter(
        dossier=delivery.dossier_id, event=Event.LINK_RESENT
    ).count()
    return delivery.subject in {again(code.pk, n) for n in range(1, times + 1)}


@sensitive_variables()
def _activation_link(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    code = _usable_code(delivery, at)
    if code is None:
        return None
    dossier = code.dossier
    message = texts.activation_link(
        name=dossier.applicant.name,
        link=links.url(code, language=dossier.language),
        last_day=code.last_day,
        language=dossier.language,
        office=office_contact(dossier.office),
    )
    return _mail(delivery, dossier, message)


@sensitive_variables()
def _reminder(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    code = _usable_code(delivery, at)
    if code is None or not is_its_day(Kind(delivery.kind), code, at=at):
        return None
    dossier = code.dossier
    message = texts.activation_reminder(
        name=dossier.applicant.name,
        days_left=days_left(code, at=at),
        last_day=code.last_day,
        link=links.url(code, language=dossier.language),
        language=dossier.language,
        office=office_contact(dossier.office),
    )
    return _mail(delivery, dossier, message)


@sensitive_variables()
def _one_time_code(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    one_time_code = (
        OneTimeCode.objects.live(at)
        .select_related(*(f"key__code__{name}" for name in _OF_DOSSIER), "holder")
        .filter(pk=delivery.subject)
        .first()
    )
    if one_time_code is None:
        return None
    dossier, to = one_time_code.dossier, one_time_code.destination
    holder = one_time_code.holder
    language = holder.language if holder else dossier.language
    digits = one_time_text(one_time_code)
    office = office_contact(dossier.office)
    if delivery.channel == Channel.SMS:
        text = texts.one_time_code_sms(
            code=digits,
            purpose=one_time_code.purpose,
            language=language,
            office=office,
        )
        return TextMessage(to, text, reference=str(delivery.pk))
    message = texts.one_time_code_mail(
        name=dossier.applicant.name,
        code=digits,
        purpose=one_time_code.purpose,
        language=language,
        office=office,
    )
    return _mail(delivery, dossier, message, to=to, language=language) if to else None


def _live_key(delivery: Delivery, at: datetime.datetime) -> DigitalKey | None:
    return (
        DigitalKey.objects.active(at)
        .select_related("holder", *(f"code__{name}" for name in _OF_DOSSIER))
        .filter(pk=delivery.subject)
        .first()
    )


@sensitive_variables()
def _key_activated(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    key = _live_key(delivery, at)
    if key is None or key.valid_until is None:
        return None
    dossier = key.code.dossier
    to, language = _contact(key.holder, dossier)
    message = texts.key_activated(
        name=dossier.applicant.name,
        kind=key.kind,
        valid_until=timezone.localdate(key.valid_until),
        language=language,
        office=office_contact(dossier.office),
    )
    return _mail(delivery, dossier, message, to=to, language=language)


@sensitive_variables()
def _key_expires(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    key = _live_key(delivery, at)
    if key is None or key.valid_until is None:
        return None
    if not is_its_day(Kind(delivery.kind), key, at=at):
        return None
    dossier = key.code.dossier
    to, language = _contact(key.holder, dossier)
    message = texts.key_expiry_reminder(
        name=dossier.applicant.name,
        valid_until=timezone.localdate(key.valid_until),
        language=language,
        office=office_contact(dossier.office),
    )
    # Ten years on, the address that the key itself is used with is the newer one.
    own = key.destination if key.kind == KeyKind.EMAIL else to
    return _mail(delivery, dossier, message, to=own, language=language)


def _contact(holder: KeyHolder, dossier: Dossier) -> tuple[str, str]:
    """Address and language: the account's, which its holder keeps up to date."""
    if holder.email:
        return holder.email, holder.language
    return dossier.email, dossier.language


@sensitive_variables()
def _holder_changed(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    """News for a week; after that it would only startle."""
    change = (
        HolderChange.objects.select_related("holder__applicant")
        .filter(pk=delivery.subject, at__gt=at - datetime.timedelta(days=7))
        .first()
    )
    if change is None:
        return None
    dossier = change.holder.dossier
    to, language = _contact(change.holder, dossier)
    message = texts.holder_changed(
        name=dossier.applicant.name,
        what=change.what,
        kind=change.kind,
        at=timezone.localtime(change.at),
        link=_own_page(language),
        language=language,
        office=office_contact(dossier.office),
    )
    to = change.old_email or to
    return _mail(delivery, dossier, message, to=to, language=language)


@sensitive_variables()
def _enquiry(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """The public's question, to the office; the answer goes to who asked it."""
    enquiry = delivery.enquiry
    if enquiry is None:
        return None
    return Mail(
        to=enquiry.office.email,
        message=texts.enquiry(
            name=enquiry.name,
            email=enquiry.email,
            page_language=enquiry.language,
            text=enquiry.text,
            received_at=timezone.localtime(enquiry.received_at),
        ),
        message_id=delivery.message_id,
        languages=(DUTCH,),
        reply_to=enquiry.email,
    )


@sensitive_variables()
def _not_mine(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """Somebody got a link without having asked: the office looks into it.

    Said once, and true whatever became of the dossier since; without a name, which
    may be the name of somebody who knows nothing of it.
    """
    code = ActivationCode.objects.select_related("dossier__office").get(
        pk=delivery.subject
    )
    if code.frozen_at is None:
        return None
    dossier = code.dossier
    page = reverse("counter:dossier", args=[dossier.pk])
    message = texts.not_mine(
        reference=dossier.reference,
        frozen_at=timezone.localtime(code.frozen_at),
        link=f"{settings.SITE_URL}{page}",
    )
    return Mail(
        to=dossier.office.email,
        message=message,
        message_id=delivery.message_id,
        languages=(DUTCH,),
    )


def _own_page(language: str) -> str:
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('keys:overview')}"


_RENDER: Final[dict[Kind, Callable[[Delivery, datetime.datetime], Outgoing | None]]] = {
    Kind.ACTIVATION_LINK: _activation_link,
    Kind.LINK_AGAIN: _activation_link,
    Kind.REMINDER_WEEK: _reminder,
    Kind.REMINDER_LAST: _reminder,
    Kind.ONE_TIME_CODE: _one_time_code,
    Kind.KEY_ACTIVATED: _key_activated,
    Kind.KEY_EXPIRES_90: _key_expires,
    Kind.KEY_EXPIRES_30: _key_expires,
    Kind.HOLDER_CHANGED: _holder_changed,
    Kind.ENQUIRY: _enquiry,
    Kind.NOT_MINE: _not_mine,
}
