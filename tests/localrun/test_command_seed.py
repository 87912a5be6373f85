"""What a newcomer finds after `make run`."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from activation.codes import reissuing
from activation.enums import CodeState, KeyState, ReissueReason
from activation.models import ActivationCode, DigitalKey
from counter.enums import DossierState, Outcome, Role
from counter.identity import national_number
from counter.models import Applicant, Clerk, Dossier, JournalEntry, Office, TurnedAway
from counter.staff.demo_accounts import DEMO_ACCOUNTS, DEMO_APPLICANT
from localrun.seeding import visits
from localrun.seeding.drawers import open_todays
from localrun.seeding.house import closing_days, make_house
from localrun.seeding.people import VISITS
from notifications.enums import DeliveryState
from notifications.models import Delivery
from payments.enums import DrawerState
from payments.models import DrawerSession, Payment, Receipt, Tariff


def test_the_closing_days_are_those_that_leuven_published() -> None:
    """docs/domain.md#the-leuven-office has the list of 2023."""
    closed = {f"{day:%d-%m}" for day, _ in closing_days(2023)}
    easter = {"09-04", "10-04", "28-05", "29-05", "18-05", "19-05"}
    others = {"01-05", "11-07", "21-07", "15-08", "04-09"}
    # The list begins in April; New Year's Day is a legal holiday.
    winter = {"01-01", "01-11", "02-11", "11-11", "25-12", "26-12"}
    assert closed == easter | others | winter


def seed() -> str:
    output = StringIO()
    call_command("seed", stdout=output)
    return output.getvalue()


def test_the_office_can_open(db: None) -> None:
    output = seed()
    office = Office.objects.get()
    assert office.hours.count() == 5
    assert office.phone == "016 27 27 27"
    assert Tariff.objects.in_force(office=office, on=timezone.localdate()).count() == 1
    for account in DEMO_ACCOUNTS:
        assert account.username in output
        assert authenticate(username=account.username, password=account.password)
    assert Clerk.objects.filter(role=Role.SUPERVISOR, is_staff=True).count() == 1


def test_past_dossiers_stand_in_every_state(db: None) -> None:
    seed()
    states = set(Dossier.objects.values_list("state", flat=True))
    assert states == set(DossierState) - {DossierState.PAID}


def test_somebody_was_pointed_to_the_free_route_once(db: None) -> None:
    for _turn in range(2):
        seed()
    assert TurnedAway.objects.get().outcome == Outcome.REDIRECTED
    assert ActivationCode.objects.filter(state=CodeState.LOCKED).exists()
    active = DigitalKey.objects.filter(state=KeyState.ACTIVE)
    assert set(active.values_list("kind", flat=True)) == {"app", "email"}
    for key in active:
        assert key.valid_until is not None
        assert key.activated_at is not None
        assert key.activated_at < timezone.now()
        assert key.valid_until.year == key.activated_at.year + 10


def test_cash_can_be_taken_at_once(db: None) -> None:
    """Each demo clerk has an open drawer; those of other days are approved."""
    seed()
    mine = DrawerSession.objects.filter(clerk__role=Role.CLERK)
    opened = mine.open()
    assert opened.count() == Clerk.objects.filter(role=Role.CLERK).count()
    for drawer in opened:
        assert drawer.opening_float == Decimal("100.00")
        assert timezone.localdate(drawer.opened_at) == timezone.localdate()
    past = mine.exclude(state=DrawerState.OPEN)
    assert past.exists()
    for drawer in past:
        assert drawer.state == DrawerState.APPROVED
        assert drawer.difference == 0
    assert Receipt.objects.count() == Payment.objects.count()


def test_the_next_day_leaves_a_clerks_own_drawer_alone(db: None) -> None:
    now = timezone.now()
    seed()
    count = DrawerSession.objects.count()
    open_todays(now=now + timedelta(days=1))
    assert DrawerSession.objects.count() == count


def test_nothing_is_sent_for_them(db: None) -> None:
    seed()
    settled = (DeliveryState.SENT, DeliveryState.REFUSED)
    assert Delivery.objects.exists()
    assert not Delivery.objects.exclude(state__in=settled).exists()


def test_the_outbox_listens_again_afterwards(db: None) -> None:
    from activation import signals  # noqa: PLC0415

    before = len(signals.code_issued.receivers)
    seed()
    assert len(signals.code_issued.receivers) == before


def test_a_second_seed_changes_nothing(db: None) -> None:
    seed()
    counted = [
        model.objects.count()
        for model in (Office, Clerk, Applicant, Dossier, Payment, Delivery)
    ]
    entries = JournalEntry.objects.count()
    assert "0 past dossiers" in seed()
    assert entries == JournalEntry.objects.count()
    assert counted == [
        model.objects.count()
        for model in (Office, Clerk, Applicant, Dossier, Payment, Delivery)
    ]


def test_it_goes_on_when_a_demo_clerk_has_another_work_since(db: None) -> None:
    """Visits that are there are not made again, whoever made them then."""
    seed()
    Clerk.objects.filter(role=Role.CLERK).update(role=Role.FINANCE, office=None)
    visits.make_visits(now=timezone.now())


def test_a_code_that_somebody_issued_since_is_left_alone(db: None) -> None:
    seed()
    locked = ActivationCode.objects.filter(state=CodeState.LOCKED).latest("issued_at")
    clerk, supervisor = (
        Clerk.objects.filter(office=locked.dossier.office, role=role).earliest("pk")
        for role in (Role.CLERK, Role.SUPERVISOR)
    )
    code = reissuing.reissue_code(
        dossier=locked.dossier,
        clerk=clerk,
        reason=ReissueReason.CODE_LOCKED,
        code_id=locked.pk,
        at=timezone.now(),
        document_seen=True,
        supervisor=supervisor,
    )
    seed()
    code.refresh_from_db()
    assert (code.state, code.attempts) == (CodeState.LIVE, 0)


def test_it_goes_on_where_it_was_stopped(db: None) -> None:
    now = timezone.now()
    make_house(today=timezone.localdate(now))
    first = VISITS[0]
    dossier = visits._record(first, at=visits._instant(first, now))
    assert f"{len(VISITS) - 1} past dossiers" in seed()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.ACTIVATED


def test_the_person_to_be_served_is_new(db: None) -> None:
    seed()
    number = national_number.parse(
        DEMO_APPLICANT.national_number, today=timezone.localdate()
    )
    assert number.birth_date == DEMO_APPLICANT.birth_date
    assert not Applicant.objects.with_national_number(number.digits).exists()


def test_a_real_office_is_never_seeded(db: None, settings: Settings) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="embedded run"):
        seed()
    assert not Clerk.objects.exists()
