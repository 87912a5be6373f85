"""Rows of everything that the supervisor's pages list, in one office."""

import datetime
import uuid
from decimal import Decimal

from django.utils import timezone

from activation.enums import Change, CodeState, KeyKind, KeyState, SignInResult
from activation.models import (
    ActivationCode,
    DigitalKey,
    HolderChange,
    KeyHolder,
    SignInActivity,
)
from counter.enums import DossierState, EnquiryKind, Outcome
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Applicant,
    Clerk,
    Dossier,
    Draft,
    Enquiry,
    MailDomain,
    Office,
    TurnedAway,
)
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from payments.enums import (
    Method,
    RefundMethod,
    ReversalReason,
    ReversalState,
    TariffCategory,
)
from payments.models import (
    BankRefund,
    DrawerCount,
    DrawerMovement,
    ExportBatch,
    Payment,
    ReceiptCounter,
    Reversal,
    Tariff,
    Terminal,
    TerminalTotal,
)
from payments.taking.taking import take_payment
from tests import cast
from tests.counter.numbers import generated


def make_person(place: int) -> Applicant:
    """Somebody with a generated number, issued to no one."""
    return cast.make_applicant(
        generated(f"600101{place:03}"),
        first_names=f"Anna {place}",
        last_name=f"Peeters {place}",
        birth_date=datetime.date(1960, 1, 1),
    )


def make_visit(place: int, office: Office, supervisor: Clerk) -> Dossier:
    """A visit to a new clerk that led to a key, with all rows that belong to it."""
    clerk = cast.make_clerk(f"clerk{place}", office, desk=f"Loket {place}")
    dossier = cast.make_dossier(make_person(place), clerk)
    payment = take_payment(
        dossier=dossier,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal(50),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )
    _make_key(dossier, clerk)
    _make_money(payment, supervisor, place)
    _make_beside(clerk, place)
    return dossier


def _make_key(dossier: Dossier, clerk: Clerk) -> None:
    now = timezone.now()
    code = ActivationCode.objects.create(
        dossier=dossier,
        issued_by=clerk,
        issued_at=now,
        valid_until=now + datetime.timedelta(days=14),
        state=CodeState.USED,
        used_at=now,
    )
    name = f"holder{KeyHolder.objects.count()}"
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name=name, password="!", created_at=now
    )
    key = DigitalKey.objects.create(
        holder=holder,
        code=code,
        kind=KeyKind.APP,
        state=KeyState.ACTIVE,
        created_at=now,
        activated_at=now,
        valid_until=now + datetime.timedelta(days=3652),
    )
    SignInActivity.objects.create(
        holder=holder, key=key, at=now, kind=key.kind, result=SignInResult.SIGNED_IN
    )
    HolderChange.objects.create(holder=holder, at=now, act=Change.PASSWORD)
    Delivery.objects.create(
        kind=Kind.ACTIVATION_LINK,
        channel=Channel.MAIL,
        subject=code.pk,
        dossier=dossier,
        state=DeliveryState.SENT,
        created_at=now,
        not_before=now,
        sent_at=now,
    )
    Dossier.objects.filter(pk=dossier.pk).update(
        state=DossierState.CODE_ISSUED, code_issued_at=now
    )
    Dossier.objects.filter(pk=dossier.pk).update(
        state=DossierState.ACTIVATED, activated_at=now
    )
    journal.write(Event.SLIP_PRINTED, dossier=dossier, clerk=clerk)


def _make_money(payment: Payment, supervisor: Clerk, place: int) -> None:
    drawer, office, now = payment.drawer, payment.dossier.office, timezone.now()
    assert drawer is not None
    DrawerMovement.objects.create(
        submission=uuid.uuid4(),
        session=drawer,
        amount=Decimal(50),
        at=now,
        by=drawer.clerk,
    )
    DrawerCount.objects.create(
        session=drawer,
        nth=1,
        at=now,
        counted_by=drawer.clerk,
        amount=Decimal(60),
        counts={"2000": 3},
        difference=Decimal(0),
    )
    reversal = Reversal.objects.create(
        payment=payment,
        reason=ReversalReason.DOUBLE_CHARGE,
        method=payment.method,
        amount=payment.amount,
        asked_by=drawer.clerk,
        asked_at=now,
        state=ReversalState.SETTLED,
        decided_by=supervisor,
        decided_at=now,
        refund_method=RefundMethod.TRANSFER,
        settled_by=supervisor,
        settled_at=now,
        booked_on=timezone.localdate(now),
    )
    BankRefund.objects.create(
        reversal=reversal,
        paid_on=timezone.localdate(now),
        noted_by=supervisor,
        noted_at=now,
    )
    terminal = Terminal.objects.create(
        office=office, name=f"Terminal {place}", number=str(place)
    )
    TerminalTotal.objects.create(
        terminal=terminal,
        date=timezone.localdate(),
        amount=Decimal(30),
        noted_by=supervisor,
        noted_at=now,
    )
    # A batch of card payments: that of a drawer would need an approved drawer.
    ExportBatch.objects.create(
        date=timezone.localdate() - datetime.timedelta(days=place),
        office=office,
        number=place + 1,
        content=b"",
        sha256="0" * 64,
        created_at=now,
        created_by=supervisor,
    )


def _make_beside(clerk: Clerk, place: int) -> None:
    """Make the rows that belong to no dossier."""
    now, office = timezone.now(), clerk.office
    assert office is not None
    TurnedAway.objects.create(
        office=office,
        clerk=clerk,
        submission=uuid.uuid4(),
        at=now,
        outcome=Outcome.REFUSED,
        reason="other",
    )
    draft = Draft(clerk=clerk, submission=uuid.uuid4(), saved_at=now)
    draft.content = "{}"
    draft.save()
    Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        text="?",
        received_at=now,
    )
    MailDomain.objects.create(domain=f"crowd{place}.example")
    ReceiptCounter.objects.create(office=office, year=2000 + place, last=place)
    Tariff.objects.create(
        office=office,
        category=TariffCategory.STANDARD,
        amount=Decimal(10),
        valid_from=datetime.date(1990 + place, 1, 1),
        valid_until=datetime.date(1990 + place, 12, 31),
        regulation="Retributiereglement",
    )
    journal.seal()
