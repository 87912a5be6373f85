"""A row whose name is an instant shows it in the time of Brussels, not in UTC."""

import datetime

import pytest
from django.db.models import Model

from activation.models import AddressCount
from counter.enums import Outcome
from counter.models import FailedSignIns, TaskRun, TurnedAway

pytestmark = pytest.mark.usefixtures("english")

#: In Brussels it is half past midnight, on the next day.
AT = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (TurnedAway(outcome=Outcome.REFUSED, at=AT), "2026-07-02"),
        (TaskRun(name="seal", started_at=AT), "2026-07-02 00:30"),
        (FailedSignIns(hour=AT, count=3), "00:30"),
        (AddressCount(minute=AT, count=3), "00:30"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Model) else value,
)
def test_it_is_the_time_of_brussels(row: Model, name: str) -> None:
    assert name in str(row)
