"""`manage.py clock --dry-run` shows what the tasks will do until a date."""

import datetime
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from activation.codes import lapsing
from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier, Office
from counter.upcoming.table import Table, table
from notifications.models import Delivery
from notifications.reminders.reminders import put_reminders
from payments.models import Tariff
from tests import cast
from tests.notifications.acts import make_key

NOW = datetime.datetime(2026, 5, 8, 7, 0, tzinfo=datetime.UTC)
A_DAY = datetime.timedelta(days=1)


def asked(days: int, *, now: datetime.datetime = NOW) -> Table:
    return table(now=now, until=timezone.localdate(now) + days * A_DAY)


def by_label(shown: Table) -> dict[str, int]:
    return {row.label: row.total for row in shown.rows if row.total}


def printed(*words: str) -> str:
    output = StringIO()
    call_command("clock", *words, stdout=output)
    return output.getvalue()


@pytest.mark.usefixtures("english")
def test_an_unused_code_is_reminded_of_twice_and_lapses(
    dossier: Dossier, els: Clerk
) -> None:
    cast.make_code(dossier, els, issued_at=NOW)
    shown = asked(20)
    expected = {
        "codes lapse": 1,
        "reminder: reminder after a week": 1,
        "reminder: reminder two days before the end": 1,
    }
    assert by_label(shown).items() >= expected.items()
    # And the tasks do it on the days that the table shows.
    counts_shown = {
        row.label: dict(zip(shown.days, row.counts[1:], strict=True))
        for row in shown.rows
    }
    put = {}
    for ahead in range(20):
        at = NOW + ahead * A_DAY
        if put_reminders(at=at):
            put[timezone.localdate(at)] = Delivery.objects.latest("created_at").kind
    assert len(put) == 2
    for day, kind in put.items():
        label = f"reminder: {Delivery(kind=kind).get_kind_display()}"
        first = next(end for end in shown.days if end >= day)
        assert counts_shown[label][first] == 1
    assert lapsing.lapse_codes(at=NOW + 14 * A_DAY - A_DAY / 24) == 0
    assert lapsing.lapse_codes(at=NOW + 14 * A_DAY) == 1


def test_a_key_expires_in_its_year(dossier: Dossier, els: Clerk) -> None:
    key = make_key(dossier, els, KeyKind.APP, activated_at=NOW)
    last = DigitalKey.objects.get(pk=key.pk).valid_until
    assert last is not None
    days = (timezone.localdate(last) - timezone.localdate(NOW)).days
    totals = [
        row.total
        for until in (days - 1, days)
        for row in asked(until).rows
        if row.label == "keys expire"
    ]
    assert totals == [0, 1]


def test_what_is_due_by_now_stands_by_itself(dossier: Dossier, els: Clerk) -> None:
    cast.make_code(dossier, els, issued_at=NOW - 20 * A_DAY)
    [row] = [row for row in asked(3).rows if row.label == "codes lapse"]
    assert list(row.counts) == [1, 0, 0, 0, 0]


def test_what_retention_removes_is_counted_by_its_own_periods(
    dossier: Dossier, els: Clerk
) -> None:
    Dossier.objects.update(recorded_at=NOW)
    labels = [{row.label for row in asked(days).rows if row.total} for days in (28, 31)]
    assert len(labels[1] - labels[0]) == 1


def test_a_new_price_is_told_with_its_day(office: Office, els: Clerk) -> None:
    first = timezone.localdate(NOW) + 10 * A_DAY
    Tariff.objects.update(valid_until=first - A_DAY)
    Tariff.objects.create(
        office=office,
        category="standard",
        amount=Decimal("12.50"),
        valid_from=first,
        regulation="Reglement 2027",
    )
    assert asked(9).changes == []
    [(day, words)] = asked(10).changes
    assert day == first
    assert "12,50" in words or "12.50" in words
    assert str(office) in words


def test_a_day_on_which_only_a_waiver_is_left_says_that_nobody_can_pay(
    office: Office, els: Clerk
) -> None:
    """No clerk can take a fee when only those exempt under the regulation have one."""
    cast.make_tariff(office, "0.00", category="waiver")
    Tariff.objects.exclude(category="waiver").update(
        valid_until=timezone.localdate(NOW)
    )
    [(day, words)] = asked(10).changes
    assert day == timezone.localdate(NOW) + A_DAY
    assert "nobody can pay" in words
    Tariff.objects.update(valid_until=timezone.localdate(NOW))
    [(_day, words)] = asked(10).changes
    assert "nobody can pay" in words


@pytest.mark.parametrize("days", [0, 1, 12, 40, 200, 1000, 3653])
def test_the_columns_fit_and_end_on_the_day(office: Office, days: int) -> None:
    shown = asked(days)
    assert len(shown.days) <= 13
    assert shown.days[-1] == timezone.localdate(NOW) + days * A_DAY
    assert sorted(set(shown.days)) == list(shown.days)


def test_nothing_is_written_and_nobody_moves_the_clock(
    dossier: Dossier, els: Clerk
) -> None:
    with time_machine.travel(NOW):
        cast.make_code(dossier, els, issued_at=NOW)
        before = list(ActivationCode.objects.values())
        output_of_june = printed("--at", "2026-06-08", "--dry-run")
        assert "codes lapse" in output_of_june
        assert "in all" in output_of_june.splitlines()[0]
        assert list(ActivationCode.objects.values()) == before
        assert not Delivery.objects.exists()
        with pytest.raises(CommandError, match="The clock goes by itself"):
            printed("--at", "2026-06-08")
        with pytest.raises(CommandError, match="is over"):
            printed("--at", "2026-05-07", "--dry-run")
        with pytest.raises(CommandError, match="is no date"):
            printed("--at", "june", "--dry-run")


@pytest.mark.django_db(transaction=True)
def test_a_hundred_years_are_shown_and_the_end_of_the_calendar_is_refused() -> None:
    """Nothing is planned farther ahead, and Python has no day after the year 9999."""
    with time_machine.travel(NOW):
        assert "Nothing comes" in printed("--at", "2126-05-08", "--dry-run")
        for beyond in ("2126-05-09", "9999-12-31"):
            with pytest.raises(CommandError, match="2126-05-08 is the last day"):
                printed("--at", beyond, "--dry-run")


@pytest.mark.django_db(transaction=True)
def test_an_office_without_anything_to_come_says_so() -> None:
    assert "Nothing comes by itself" in printed("--at", "2036-01-01", "--dry-run")
