"""Each number of the start page agrees with the list that it leads to.

The tests read it as each role, in each of two offices and without an office.
"""

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.desk import key_endings
from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.enums import EnquiryKind, Outcome, RedirectReason, Role
from counter.models import Clerk, Dossier, Draft, Enquiry, Office, TurnedAway
from counter.overview import page
from counter.roles import role_rights
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from payments.drawers.drawers import open_drawer
from payments.enums import Method
from payments.models import Payment
from payments.taking.taking import take_payment
from tests import cast
from tests.litany import signed_in
from tests.test_admin import whole

__all__ = ["whole"]

START = reverse("admin:index")


def code(dossier: Dossier, clerk: Clerk, state: CodeState, days: int) -> ActivationCode:
    now = timezone.now()
    used = {"used_at": now} if state is CodeState.USED else {}
    made: ActivationCode = ActivationCode.objects.create(
        dossier=dossier,
        issued_by=clerk,
        issued_at=now,
        valid_until=now + datetime.timedelta(days=days),
        state=state,
        **used,
    )
    return made


def visit(clerk: Clerk, number: str) -> Dossier:
    """A recorded dossier with a code that lapses tomorrow and three late mails."""
    now = timezone.now()
    dossier = cast.make_dossier(cast.make_applicant(number), clerk)
    code(dossier, clerk, CodeState.LIVE, 1)
    for state in (DeliveryState.WAITING, DeliveryState.REFUSED, DeliveryState.UNKNOWN):
        at = now - datetime.timedelta(hours=3)
        Delivery.objects.create(
            kind=Kind.ACTIVATION_LINK,
            channel=Channel.MAIL,
            subject=uuid.uuid4(),
            dossier=dossier,
            state=state,
            created_at=at,
            not_before=at,
            refused_at=now if state is DeliveryState.REFUSED else None,
            unknown_at=now if state is DeliveryState.UNKNOWN else None,
        )
    return dossier


def small_things(clerk: Clerk, outcome: Outcome) -> None:
    now, office = timezone.now(), clerk.office
    assert office is not None
    TurnedAway.objects.create(
        submission=uuid.uuid4(),
        office=office,
        clerk=clerk,
        at=now,
        outcome=outcome,
        reason=next(iter(RedirectReason)),
    )
    Draft.objects.create(clerk=clerk, submission=uuid.uuid4(), saved_at=now)
    Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        text="?",
        received_at=now,
    )


@pytest.fixture
def two_offices(whole: Dossier, els: Clerk, gust: Clerk) -> tuple[Office, Office]:
    """Peter has a key of the first office and one of the second, where gust works."""
    now = timezone.now()
    Dossier.objects.filter(pk=whole.pk).update(state="activated", activated_at=now)
    there = cast.make_dossier(whole.applicant, gust)
    key = DigitalKey(
        holder=KeyHolder.objects.get(),
        code=code(there, gust, CodeState.USED, 14),
        kind=KeyKind.EMAIL,
        state=KeyState.ACTIVE,
        created_at=now,
        activated_at=now,
        valid_until=now + datetime.timedelta(days=3 * 365),
    )
    key.destination = "peter@example.org"
    key.save()
    visit(els, cast.MARIE_NUMBER)
    visit(gust, cast.LEILA_NUMBER)
    small_things(els, Outcome.REDIRECTED)
    small_things(gust, Outcome.REFUSED)
    open_drawer(clerk=gust, counts={"2000": 5}, at=now)
    take_payment(
        dossier=there,
        clerk=gust,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        at=now,
        submission=uuid.uuid4(),
    )
    key_endings.count_endings()
    assert els.office is not None
    assert gust.office is not None
    return els.office, gust.office


def readers(offices: tuple[Office, Office]) -> Iterator[Clerk]:
    """A clerk of each role that reads the page, in each office and without one."""
    for role in sorted(role_rights.READ_OVERVIEW.roles):
        for nth, office in enumerate((*offices, None)):
            desk = "" if role != Role.CLERK else f"Loket {nth}"
            yield cast.make_clerk(
                f"{role}{nth}", office, desk=desk, role=role, has_drawer=False
            )


def numbers(shown: page.StartPage) -> Iterator[tuple[str, str, str]]:
    """Label, text and address of each number on the page."""
    for row in shown.rows:
        for cell in row.cells:
            yield str(row.label), cell.text, cell.address
    for waiting in shown.waiting:
        yield str(waiting.label), waiting.number.text, waiting.number.address
    for column in shown.days.columns[-2:]:
        for label, day in zip(shown.days.labels, column.cells, strict=True):
            yield label, str(day.value), day.address
    for coming in shown.to_come:
        for _year, months in coming.years:
            for month in months:
                if month.value:
                    yield coming.chart.title, str(month.value), month.address


def agrees(client: Client, text: str, address: str) -> bool:
    """Whether the list at `address` opens and agrees with `text`.

    A count must be the number of rows, and euros the sum of their amounts. For another
    text (a share, a time) it is enough that the list opens.
    """
    listed = client.get(address)
    if listed.status_code != 200:
        return False
    changelist = listed.context["cl"]
    if text.isdigit():
        return bool(changelist.result_count == int(text))
    if text.startswith("€"):
        rows: list[Payment] = list(changelist.queryset)
        total = sum((row.amount for row in rows), Decimal(0))
        return total == Decimal(text.removeprefix("€").strip())
    return True


def test_every_number_is_of_its_list(two_offices: tuple[Office, Office]) -> None:
    seen = set()
    for reader in readers(two_offices):
        client = signed_in(reader)
        answer = client.get(START)
        assert answer.status_code == 200
        for label, text, address in set(numbers(answer.context["overview"])):
            assert agrees(client, text, address), (reader.username, label, text)
            if text.isdigit() and int(text):
                seen.add(label)
    assert {"keys that end this year, as counted last night"} | seen >= {
        "visits recorded",
        "codes about to lapse",
        "messages of the public",
        "visits begun and not finished",
        "mails late",
        "keys that end, by month, as counted last night",
    }
