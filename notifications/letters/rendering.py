"""Make the message for an outbox row, at the moment when it is sent.

The row has a kind and the id of its subject. Address, name, link and digits are read or
derived here, at the last moment: so the outbox contains none of them, and a message is
not sent if its reason is gone.
"""

import datetime
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from activation.addresses.changed_addresses import can_be_objected_to
from activation.codes import links
from activation.codes.validity import last_whole_day, link_end
from activation.holder import recovery_links
from activation.models import (
    ActivationCode,
    OneTimeCode,
)
from activation.one_time.digits import one_time_text
from counter.journal.events import Event
from counter.models import JournalEntry
from notifications.channels.outgoing import Outgoing, TextMessage
from notifications.enums import Channel, Kind
from notifications.letters import (
    rendering_keys,
    rendering_staff,
    texts,
    texts_addresses,
)
from notifications.letters.codes_read import usable_code
from notifications.letters.composing import in_each
from notifications.letters.office_pages import mailing_office
from notifications.letters.rendering_keys import OF_DOSSIER, for_row
from notifications.letters.rendering_office import (
    address_before,
    address_change,
    address_objected,
    enquiry,
    enquiry_answer,
    journal_head,
    not_mine,
)
from notifications.models import Delivery
from notifications.reminders.timing import days_left, is_its_day

log = structlog.get_logger("sleutelloket.delivery")


@sensitive_variables()
def render(delivery: Delivery, *, at: datetime.datetime) -> Outgoing | None:
    """What to send for this row at this instant; None when it is no longer needed.

    That is when the code was used, replaced, locked or has lapsed, the six digits
    expired, the key ended, a reminder's day is past, or the address was removed.
    """
    message = _RENDER[Kind(delivery.kind)](delivery, at)
    return message if message is not None and message.to else None


@sensitive_variables()
def lacks_address(delivery: Delivery, *, at: datetime.datetime) -> bool:
    """Whether the message would be sent, if an address of its reader was known."""
    message = _RENDER[Kind(delivery.kind)](delivery, at)
    return message is not None and not message.to


def again(code_id: uuid.UUID, nth: int) -> uuid.UUID:
    """The `subject` of the row that sends a code's link again, for the nth time."""
    return uuid.uuid5(code_id, f"again {nth}")


def _usable_code(delivery: Delivery, at: datetime.datetime) -> ActivationCode | None:
    if delivery.kind != Kind.LINK_AGAIN:
        return usable_code(delivery.subject, at=at)
    codes = ActivationCode.objects.usable(at).select_related("dossier__office")
    code = codes.filter(dossier=delivery.dossier_id).first()
    if code is None or not _is_of(code, delivery):
        return None  # a newer code has a mail of its own
    return code


def _is_of(code: ActivationCode, delivery: Delivery) -> bool:
    # `nth` was counted in the journal, because deliveries are deleted before its
    # entries.
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
        name=dossier.name,
        link=in_each(dossier.language, lambda spoken: links.url(code, language=spoken)),
        last_day=code.last_day,
        language=dossier.language,
        office=mailing_office(dossier.office),
    )
    return for_row(delivery, message, to=dossier.email, language=dossier.language)


@sensitive_variables()
def _reminder(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    code = _usable_code(delivery, at)
    if code is None or not is_its_day(Kind(delivery.kind), code, at=at):
        return None
    dossier = code.dossier
    message = texts.activation_reminder(
        name=dossier.name,
        days_left=days_left(code, at=at),
        last_day=code.last_day,
        link=in_each(dossier.language, lambda spoken: links.url(code, language=spoken)),
        language=dossier.language,
        office=mailing_office(dossier.office),
    )
    return for_row(delivery, message, to=dossier.email, language=dossier.language)


@sensitive_variables()
def _one_time_code(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    rows = OneTimeCode.objects.select_related(
        *(f"key__code__{name}" for name in OF_DOSSIER), "holder"
    ).filter(pk=delivery.subject)
    if (mailed := rows.opening(at).first()) is not None:
        return _recovery(delivery, mailed, at)
    one_time_code = rows.working(at).first()
    if one_time_code is None:
        return None
    dossier, to = one_time_code.dossier, one_time_code.destination
    holder = one_time_code.holder
    language = holder.language if holder else dossier.language
    digits = one_time_text(one_time_code)
    office = mailing_office(dossier.office)
    if delivery.channel == Channel.SMS:
        text = texts.one_time_code_sms(
            code=digits,
            purpose=one_time_code.purpose,
            language=language,
            office=office,
        )
        return TextMessage(to, text, reference=str(delivery.pk))
    message = texts.one_time_code_mail(
        name=dossier.name,
        code=digits,
        purpose=one_time_code.purpose,
        language=language,
        office=office,
    )
    return for_row(delivery, message, to=to, language=language)


@sensitive_variables()
def _recovery(
    delivery: Delivery, mailed: OneTimeCode, at: datetime.datetime
) -> Outgoing | None:
    """The mail for a forgotten password; None once its link is not valid any more.

    It has the digits too, as long as they work. It lists all accounts with this
    mail address; if there are several, it greets nobody by name.
    """
    if recovery_links.good(mailed.pk, at=at) is None:
        return None
    holders = recovery_links.holders_of_link(mailed)
    holder = holders[0]
    is_working = OneTimeCode.objects.working(at).filter(pk=mailed.pk).exists()
    message = texts.one_time_code_mail(
        name=holder.dossier.name if len(holders) == 1 else "",
        user_names=[account.user_name for account in holders],
        code=one_time_text(mailed) if is_working else "",
        link=in_each(
            holder.language, lambda spoken: recovery_links.url(mailed, language=spoken)
        ),
        purpose=mailed.purpose,
        language=holder.language,
        office=mailing_office(holder.dossier.office),
    )
    return for_row(delivery, message, to=holder.email, language=holder.language)


@sensitive_variables()
def _address_changed(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    """The mail to the previous address, without a name, because the reader may be a
    stranger. None when it is too late to object to the change.
    """
    change = address_change(delivery)
    if not can_be_objected_to(change, at=at):
        return None
    dossier = change.dossier
    message = texts_addresses.address_changed(
        changed_at=timezone.localtime(change.at),
        last_day=last_whole_day(link_end(change.at)),
        link=in_each(
            dossier.language, lambda spoken: links.refusal_url(change, language=spoken)
        ),
        language=dossier.language,
        office=mailing_office(dossier.office),
    )
    to = address_before(delivery, change.old_email)
    return for_row(delivery, message, to=to, language=dossier.language)


_RENDER: Final[dict[Kind, Callable[[Delivery, datetime.datetime], Outgoing | None]]] = {
    Kind.ACTIVATION_LINK: _activation_link,
    Kind.LINK_AGAIN: _activation_link,
    Kind.REMINDER_WEEK: _reminder,
    Kind.REMINDER_LAST: _reminder,
    Kind.ONE_TIME_CODE: _one_time_code,
    Kind.KEY_ACTIVATED: rendering_keys.key_activated,
    Kind.KEY_EXPIRES_90: rendering_keys.key_expires,
    Kind.KEY_EXPIRES_30: rendering_keys.key_expires,
    Kind.HOLDER_CHANGED: rendering_keys.holder_changed,
    Kind.ENQUIRY: enquiry,
    Kind.ENQUIRY_ANSWER: enquiry_answer,
    Kind.NOT_MINE: not_mine,
    Kind.STAFF_INVITED: rendering_staff.password_link,
    Kind.STAFF_PASSWORD: rendering_staff.password_link,
    Kind.ACCOUNT_OWNER: rendering_staff.account_change,
    Kind.ACCOUNT_SECOND: rendering_staff.account_change,
    Kind.ADDRESS_CHANGED: _address_changed,
    Kind.ADDRESS_OBJECTED: address_objected,
    Kind.JOURNAL_HEAD: journal_head,
}
