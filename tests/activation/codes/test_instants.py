"""Ends of links and keys at many instants, compared with a calculation of this test.

It knows only the rule of Directive 2000/84/EC: summer time lasts from the last Sunday
of March to the last Sunday of October, from 1.00 to 1.00 in UTC. 1,000 instants in
`make test`, 10,000 in `make soak`: a third at random, a third around the two nights,
or two weeks or ten years before them, and a third on 29 February.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from activation.codes.validity import key_end, link_end
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast
from tests.size import SOAK, chance

INSTANTS = 10_000 if SOAK else 1_000
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
YEARS = range(2020, 2060)


def night(year: int, month: int) -> datetime:
    """When the clocks change in March or October (31 days each), in UTC."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)


def offset(at: datetime) -> timedelta:
    return HOUR * (1 + (night(at.year, 3) <= at < night(at.year, 10)))


def on_the_clock(at: datetime) -> datetime:
    """The clock in Brussels, written as if it were UTC."""
    return at + offset(at)


def first_at(clock: datetime) -> datetime:
    """The first instant at which the clock shows this time.

    For a time that is skipped in spring: as if the clock had not been put forward.
    """
    fitting = [clock - off for off in (2 * HOUR, HOUR) if offset(clock - off) == off]
    return fitting[0] if fitting else clock - HOUR


def two_weeks_on(at: datetime) -> datetime:
    return first_at(on_the_clock(at) + timedelta(days=14))


def ten_years_on(at: datetime) -> datetime:
    clock = on_the_clock(at)
    day = 28 if (clock.month, clock.day) == (2, 29) else clock.day
    return first_at(clock.replace(year=clock.year + 10, day=day))


def instants() -> Iterator[datetime]:
    choice = chance("instants")
    for place in range(INSTANTS):
        year = choice.choice(YEARS)
        near = timedelta(seconds=choice.randrange(-3 * 3600, 3 * 3600))
        back = choice.choice([timedelta(), timedelta(days=14), None])
        if place % 3 == 0:
            anywhere = choice.randrange(365 * 24 * 3600)
            yield datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=anywhere)
        elif place % 3 == 1:
            changes = night(year, choice.choice([3, 10]))
            ten_before = changes.replace(year=year - 10)
            yield (ten_before if back is None else changes - back) + near
        else:
            leap = year - year % 4
            seconds = choice.randrange(24 * 3600)
            yield datetime(leap, 2, 29, tzinfo=UTC) + timedelta(seconds=seconds)


def test_every_end_is_as_the_rule_has_it() -> None:
    count = 0
    for at in instants():
        assert link_end(at) == two_weeks_on(at), at
        assert key_end(at) == ten_years_on(at), at
        count += 1
    print(f"{count} instants, 0 disagreements")
    assert count == INSTANTS


@pytest.mark.parametrize(
    "at",
    [
        night(2026, 3) - HOUR,
        night(2026, 10) - timedelta(days=14),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
    ],
)
def test_a_link_works_to_the_last_second_of_its_two_weeks(
    dossier: Dossier, els: Clerk, at: datetime
) -> None:
    code, _text = cast.make_code(dossier, els, issued_at=at)
    usable = ActivationCode.objects.filter(pk=code.pk)
    assert usable.usable(two_weeks_on(at) - SECOND).exists()
    assert not usable.usable(two_weeks_on(at)).exists()
    assert not usable.usable(two_weeks_on(at) + SECOND).exists()
