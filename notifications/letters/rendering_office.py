"""Mails between the public and the office, and mails to the city's staff about others.

They are made when they are sent.
"""

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
    """A question from the public, to the office; replies go to the person who asked."""
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
    """The office's answer to the person who asked; replies to it go to the office."""
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
    """Tell the office that somebody got a link without having asked for it.

    It is sent whatever state the dossier is in now, because it stays true. It contains
    no name: that may be the name of somebody who knows nothing of the request.
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
    """Tell the office that the reader of the previous address did not ask for the
    change.
    """
    change = address_change(delivery)
    dossier = change.dossier
    message = texts_addresses.address_objected(
        reference=dossier.reference,
        changed_at=timezone.localtime(change.at),
        link=page_of(dossier),
    )
    return to_the_house(delivery, message, to=dossier.office.email)


def journal_head(delivery: Delivery, _at: datetime.datetime) -> Outgoing | None:
    """The journal's head, to the data-protection officer: a copy that the machine's
    administrators cannot change.
    """
    # The claimed row has only its seal's id (outbox.claim). The marks are not loaded,
    # because there is one for each entry that the seal covers.
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
    """The previous address; empty if it was deleted, and then nobody gets the mail.

    The mail must never go to the new address instead.
    """
    if not address:
        log.warning("no_address_before", delivery=str(delivery.pk))
    return address
