"""The fixed cast: the same people in every test.

National numbers are those printed in docs/domain.md#national-numbers.
"""

import datetime
import itertools
import uuid
from decimal import Decimal

from django.utils import timezone

from activation.codes.activation_code import code_text
from activation.codes.validity import link_end
from activation.models import ActivationCode
from counter.enums import (
    DossierState,
    EnquiryKind,
    Language,
    Reason,
    Role,
    StaffLanguage,
)
from counter.identity.national_number import NumberKind
from counter.models import (
    Applicant,
    Clerk,
    Desk,
    Dossier,
    Enquiry,
    MailDomain,
    Office,
)
from counter.roles import role_rights
from payments.enums import RefundMethod, ReversalReason, ReversalState, TariffCategory
from payments.models import (
    BankRefund,
    DrawerCount,
    DrawerMovement,
    DrawerSession,
    ExportBatch,
    Payment,
    Reversal,
    Tariff,
    Terminal,
    TerminalTotal,
)

_TICKETS = itertools.count(17)
PASSWORD = "een lang wachtwoord voor tests"

ANNA_NUMBER = "17073003384"
PETER_NUMBER = "85073003328"
LEILA_NUMBER = "98472899765"
MARIE_NUMBER = "75060898009"


def make_office(name: str = "Stadskantoor Leuven") -> Office:
    # A migration fills this list; the clean-up after a test that commits empties it.
    MailDomain.objects.get_or_create(domain="kuleuven.be")
    return Office.objects.create(
        name=name,
        authority="Stad Leuven",
        enterprise_number="0207.521.503",
        address="Professor Van Overstraetenplein 1",
        postal_code="3000",
        city="Leuven",
        phone="016 27 27 27",
        email="info@leuven.example",
        help_phone="02 740 79 91",
    )


def make_tariff(
    office: Office, amount: str = "10.00", *, category: str = TariffCategory.STANDARD
) -> Tariff:
    return Tariff.objects.create(
        office=office,
        category=category,
        amount=Decimal(amount),
        valid_from=datetime.date(2020, 1, 1),
        regulation="Retributiereglement",
    )


def make_clerk(
    username: str,
    office: Office | None,
    *,
    desk: str,
    role: str = Role.CLERK,
    has_drawer: bool = True,
) -> Clerk:
    """Someone who reads the screens in English, the language the tests are in.

    A clerk of an office has an open drawer, so that cash can be taken.
    """
    sits_at = None
    if desk and office is not None:
        sits_at, _made = Desk.objects.get_or_create(office=office, name=desk)
    clerk: Clerk = Clerk.objects.create_user(
        username=username,
        password=PASSWORD,
        office=office,
        role=role,
        is_staff=role in role_rights.OPEN_ADMIN.roles,
        language=StaffLanguage.EN,
    )
    if sits_at is not None:
        clerk.sign_in.desk, clerk.sign_in.desk_since = sits_at, timezone.now()
        clerk.sign_in.save()
    if has_drawer and office is not None and role == Role.CLERK:
        open_drawer(clerk, office)
    return clerk


def open_drawer(clerk: Clerk, office: Office) -> DrawerSession:
    """A drawer with a float of 100 euros: two twenties, four tens, four fives."""
    return DrawerSession.objects.create(
        office=office,
        clerk=clerk,
        desk=clerk.desk_name,
        opened_at=timezone.now(),
        opening_float=Decimal("100.00"),
        opening_counts={"2000": 2, "1000": 4, "500": 4},
    )


def make_applicant(
    number: str = PETER_NUMBER,
    *,
    first_names: str = "Peter",
    last_name: str = "Janssens",
    birth_date: datetime.date | None = datetime.date(1985, 7, 30),
    kind: str = NumberKind.REGISTER,
) -> Applicant:
    applicant = Applicant(
        first_names=first_names,
        last_name=last_name,
        birth_date=birth_date,
        number_kind=kind,
        first_seen_at=timezone.now(),
    )
    applicant.set_national_number(number)
    applicant.save()
    return applicant


def make_enquiry(office: Office) -> Enquiry:
    """A question of somebody who left no address."""
    return Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        text="?",
        received_at=timezone.now(),
    )


def make_dossier(
    applicant: Applicant,
    clerk: Clerk,
    *,
    email: str = "peter@example.org",
    language: str = Language.FR,
) -> Dossier:
    """A recorded dossier, not yet paid."""
    if clerk.office is None:
        raise ValueError("A dossier is recorded in an office.")
    dossier = Dossier(
        submission=uuid.uuid4(),
        office=clerk.office,
        applicant=applicant,
        recorded_by=clerk,
        desk=clerk.desk_name,
        state=DossierState.RECORDED,
        last_name=applicant.last_name,
        first_names=applicant.first_names,
        birth_date=applicant.birth_date,
        document_type="BE_PASS",
        document_country="BEL",
        document_expiry=datetime.date(2040, 1, 1),
        original_seen_at=timezone.now(),
        email=email,
        language=language,
        reason=Reason.NO_OTHER_KEY,
        recorded_at=timezone.now(),
    )
    dossier.document_number = "EN123456"
    dossier.save()
    return dossier


def make_code(
    dossier: Dossier, clerk: Clerk, *, issued_at: datetime.datetime | None = None
) -> tuple[ActivationCode, str]:
    """A live code of the dossier, as after a payment, and its text on paper."""
    at = issued_at or timezone.now()
    dossier.state = DossierState.CODE_ISSUED
    dossier.paid_at = dossier.code_issued_at = at
    dossier.save(update_fields=["state", "paid_at", "code_issued_at"])
    code = ActivationCode.objects.create(
        dossier=dossier, issued_by=clerk, issued_at=at, valid_until=link_end(at)
    )
    return code, code_text(code)


def code_of(dossier: Dossier) -> ActivationCode:
    """The dossier's newest code."""
    return dossier.codes.latest("issued_at")


def payment_of(dossier: Dossier) -> Payment:
    """The dossier's payment that counts, after corrections of its method."""
    return Payment.objects.not_replaced().get(dossier=dossier)


def make_terminal(clerk: Clerk, name: str, number: str) -> Terminal:
    """A card terminal at the clerk's desk."""
    if clerk.office is None or clerk.sign_in.desk is None:
        raise ValueError("A terminal stands at a desk of an office.")
    terminal = Terminal.objects.create(office=clerk.office, name=name, number=number)
    terminal.desks.add(clerk.sign_in.desk)
    return terminal


def ticket() -> str:
    """The number on a card terminal's ticket: another one each time."""
    return f"A-{next(_TICKETS)}"


def make_rest_of_the_money(payment: Payment, supervisor: Clerk) -> None:
    """One row of each other table about money, to go with a cash payment."""
    drawer, office = payment.drawer, payment.dossier.office
    if drawer is None:
        raise ValueError("Cash is in a drawer.")
    now = timezone.now()
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
    terminal = Terminal.objects.create(office=office, name="Terminal", number="1")
    TerminalTotal.objects.create(
        terminal=terminal,
        date=timezone.localdate(),
        amount=Decimal(30),
        noted_by=supervisor,
        noted_at=now,
    )
    ExportBatch.objects.create(
        session=None,
        date=timezone.localdate(),
        office=office,
        number=1,
        content=b"",
        sha256="0" * 64,
        created_at=now,
        created_by=supervisor,
    )
