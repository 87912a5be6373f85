"""Rows that several tests find are, for each of them, as if made for it."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from counter.models import Clerk, JournalEntry, Office
from payments.models import Tariff
from tests.shared_cast import OLDEST, SharedCast

SPRING = datetime.datetime(2026, 3, 20, 10, tzinfo=datetime.UTC)


@pytest.fixture
def spring() -> Iterator[None]:
    with time_machine.travel(SPRING, tick=False):
        yield


@pytest.mark.parametrize("nth", range(3))
def test_what_a_test_changes_no_other_test_finds(
    els: Clerk, office: Office, nth: int
) -> None:
    name = "Stadskantoor Leuven"
    assert (els.first_name, els.desk_name, office.name) == ("", "Loket 1", name)
    assert Office.objects.get().name == name
    assert Clerk.objects.get() == els
    entries = JournalEntry.objects.count()
    els.first_name = office.name = "Changed"
    els.save()
    office.save()
    assert JournalEntry.objects.count() == entries + 2


@pytest.mark.parametrize("nth", range(2))
def test_there_is_nothing_that_a_test_did_not_ask_for(office: Office, nth: int) -> None:
    assert Office.objects.get() == office
    assert not Tariff.objects.exists()
    assert not Clerk.objects.exists()


@pytest.mark.parametrize("office", ["", "0"])
def test_an_argument_of_that_name_asks_for_no_row(db: None, office: str) -> None:
    assert not Office.objects.exists()


@pytest.mark.parametrize("nth", range(2))
def test_the_office_of_each_is_the_office_of_the_test(
    office: Office, tariff: Tariff, els: Clerk, sofie: Clerk, nth: int
) -> None:
    assert tariff.office is els.office is sofie.office is office


@pytest.mark.parametrize("nth", range(2))
def test_a_test_that_loses_its_connection_takes_nobodys_people_away(
    els: Clerk, nth: int
) -> None:
    assert Clerk.objects.get() == els
    connection.close()


@pytest.mark.parametrize("nth", range(2))
def test_a_test_that_sets_the_clock_has_people_of_that_time(
    spring: None, els: Clerk, nth: int
) -> None:
    assert els.date_joined == els.sign_in.desk_since == SPRING


@pytest.mark.parametrize("nth", range(2))
@pytest.mark.usefixtures("own_cast")
def test_a_test_may_ask_for_people_of_its_own(office: Office, nth: int) -> None:
    assert len(connection.savepoint_ids) == 0


def test_rows_are_made_anew_when_they_are_old(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    shared = SharedCast(django_db_blocker)
    shared.prepare({"office"})
    first = shared.row("office")
    shared.prepare({"office"})
    assert shared.row("office") == first
    assert shared.row("office") is not first
    later = timezone.now() + datetime.timedelta(seconds=OLDEST + 1)
    with time_machine.travel(later):
        shared.prepare({"office"})
        assert shared.row("office") != first
    shared.prepare(())
    with django_db_blocker.unblock():
        assert not Office.objects.exists()


def test_under_another_clock_nobody_gets_a_shared_row(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    shared = SharedCast(django_db_blocker)
    shared.prepare({"office"})
    try:
        with time_machine.travel(SPRING), pytest.raises(pytest.UsageError):
            shared.row("office")
    finally:
        shared.prepare(())
