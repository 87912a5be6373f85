"""The mails to holders about their keys and accounts, made when they are sent."""

import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables

from activation.codes.validity import KEY_YEARS
from activation.enums import Change
from activation.models import DigitalKey, HolderChange, KeyHolder
from counter.models import Dossier
from notifications.channels.outgoing import Mail, Outgoing, mail
from notifications.enums import Kind
from notifications.letters import texts_keys
from notifications.letters.composing import Message, in_each
from notifications.letters.office_pages import mailing_office
from notifications.letters.rendering_office import address_before
from notifications.models import Delivery
from notifications.reminders.timing import is_its_day

#: The relations that the mail's text needs of the dossier.
OF_DOSSIER: Final = ("dossier__applicant", "dossier__office")


def for_row(delivery: Delivery, message: Message, *, to: str, language: str) -> Mail:
    """The mail of this row, which keeps its identifier when it is sent again."""
    return mail(
        to=to, message=message, message_id=delivery.message_id, language=language
    )


def _live_key(delivery: Delivery, at: datetime.datetime) -> DigitalKey | None:
    return (
        DigitalKey.objects.active(at)
        .select_related("holder", *(f"code__{name}" for name in OF_DOSSIER))
        .filter(pk=delivery.subject)
        .first()
    )


@sensitive_variables()
def key_activated(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    key = _live_key(delivery, at)
    if key is None or key.valid_until is None:
        return None
    dossier = key.code.dossier
    to, language = _contact(key.holder, dossier)
    message = texts_keys.key_activated(
        name=dossier.name,
        kind=key.kind,
        valid_until=timezone.localdate(key.valid_until),
        link=in_each(language, _overview),
        language=language,
        office=mailing_office(dossier.office),
    )
    return for_row(delivery, message, to=to, language=language)


@sensitive_variables()
def key_expires(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    key = _live_key(delivery, at)
    if key is None or key.valid_until is None:
        return None
    if not is_its_day(Kind(delivery.kind), key, at=at):
        return None
    dossier = key.code.dossier
    to, language = _contact(key.holder, dossier)
    ending = texts_keys.EndingKey(
        kind=key.kind,
        name=key.name,
        valid_until=timezone.localdate(key.valid_until),
        has_another=_works_longer(key, at=at),
        years=KEY_YEARS,
    )
    message = texts_keys.key_expiry_reminder(
        ending,
        name=dossier.name,
        link=in_each(language, _overview),
        language=language,
        office=mailing_office(dossier.office),
    )
    # After ten years the address that the key itself uses is the more recent one.
    own = key.destination if key.kind_record.goes_by_mail else to
    return for_row(delivery, message, to=own, language=language)


def _works_longer(key: DigitalKey, *, at: datetime.datetime) -> bool:
    """Whether its holder has another key that ends later."""
    active = DigitalKey.objects.active(at).filter(holder=key.holder)
    return active.filter(valid_until__gt=key.valid_until).exists()


def _contact(holder: KeyHolder, dossier: Dossier) -> tuple[str, str]:
    """Address and language of the account, which its holder keeps up to date; those of
    the dossier if the account has no address.
    """
    if holder.email:
        return holder.email, holder.language
    return dossier.email, dossier.language


@sensitive_variables()
def holder_changed(delivery: Delivery, at: datetime.datetime) -> Outgoing | None:
    """The mail about a change; None after a week, when it would only alarm people."""
    change = (
        HolderChange.objects.select_related("holder__applicant")
        .filter(pk=delivery.subject, at__gt=at - datetime.timedelta(days=7))
        .first()
    )
    if change is None:
        return None
    dossier = change.holder.dossier
    to, language = _contact(change.holder, dossier)
    message = texts_keys.holder_changed(
        name=dossier.name,
        change=change.act,
        kind=change.kind,
        at=timezone.localtime(change.at),
        link=in_each(language, _overview),
        language=language,
        office=mailing_office(dossier.office),
    )
    if change.act == Change.OLD_EMAIL:
        to = address_before(delivery, change.old_email)
    return for_row(delivery, message, to=to, language=language)


def _overview(language: str) -> str:
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('activation_holder:overview')}"
