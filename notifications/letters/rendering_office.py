"""The mails to the office and its staff about others, made when they are sent."""

import datetime

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from activation.models import (
    ActivationCode,
    AddressChange,
)
from counter.models import Dossier, JournalSeal
from notifications.channels.outgoing import Mail, Outgoing, mail
from notifications.letters import texts, texts_addresses
from notifications.letters.composing import Message
from notifications.letters.office_pages import mailing_office
from notifications.models import Delivery

log = structlog.get_logger("sleutelloket.delivery")


@sensitive_variables()
def enquiry(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """The public's question, to the office; the answer goes to who asked it."""
    enquiry = delivery.enquiry
    if enquiry is None:
        return None
    return mail(
        to=enquiry.office.email,
        message=texts.enquiry(
            name=enquiry.name,
            email=enquiry.email,
            page_language=enquiry.language,
            text=enquiry.text,
            received_at=timezone.localtime(enquiry.received_at),
        ),
        message_id=delivery.message_id,
        reply_to=enquiry.email,
    )


@sensitive_variables()
def enquiry_answer(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """The office's answer, to who asked; an answer to it comes to the office."""
    enquiry = delivery.enquiry
    if enquiry is None or not enquiry.answer:
        return None
    return mail(
        to=enquiry.email,
        message=texts.enquiry_answer(
            name=enquiry.name,
            text=enquiry.answer,
            asked=enquiry.text,
            received_at=timezone.localtime(enquiry.received_at),
            language=enquiry.language,
            office=mailing_office(enquiry.office),
        ),
        message_id=delivery.message_id,
        language=enquiry.language,
        reply_to=enquiry.office.email,
    )


@sensitive_variables()
def not_mine(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
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
    message = texts.not_mine(
        reference=dossier.reference,
        frozen_at=timezone.localtime(code.frozen_at),
        link=page_of(dossier),
    )
    return to_the_house(delivery, message, to=dossier.office.email)


@sensitive_variables()
def address_objected(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """The reader of the address before did not ask for it: the office looks into it."""
    change = address_change(delivery)
    dossier = change.dossier
    message = texts_addresses.address_objected(
        reference=dossier.reference,
        changed_at=timezone.localtime(change.at),
        link=page_of(dossier),
    )
    return to_the_house(delivery, message, to=dossier.office.email)


def journal_head(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """The journal's head leaves the machine, to where no administrator of it comes."""
    # A sender has of its row what it is filed under by id alone (outbox.claim), and a
    # seal has a mark for each entry that it covers.
    seals = JournalSeal.objects.defer("marks")
    seal = seals.filter(delivery=delivery).first()
    if seal is None:
        return None
    message = texts.journal_head(
        head=seal.head, last=seal.last_id, at=timezone.localtime(seal.sealed_at)
    )
    return to_the_house(delivery, message, to=settings.DATA_PROTECTION_EMAIL)


def to_the_house(delivery: Delivery, message: Message, *, to: str) -> Mail:
    """A mail to the city itself, in Dutch only."""
    return mail(to=to, message=message, message_id=delivery.message_id)


def page_of(dossier: Dossier) -> str:
    """The address of the dossier's page for staff."""
    return (
        f"{settings.SITE_URL}{reverse('counter_dossiers:dossier', args=[dossier.pk])}"
    )


def address_change(delivery: Delivery) -> AddressChange:
    rows = AddressChange.objects.select_related("dossier__office")
    return rows.get(pk=delivery.subject)


def address_before(delivery: Delivery, address: str) -> str:
    """The old address; empty when it was forgotten, and then nobody gets the mail.

    It must never go to the new address instead.
    """
    if not address:
        log.warning("no_address_before", delivery=str(delivery.pk))
    return address
