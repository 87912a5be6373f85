"""One day after the other: who comes when, and what runs by itself.

A minute in which something happened ends as it does at an office: the mails go out and
the journal is sealed. A night is every other task of the schedule, once each; by day
comes the reminder. Weekends have nights too.
"""

import datetime
import heapq
import itertools
import math
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import time_machine
from django.conf import settings
from django.utils.module_loading import import_string

from activation.codes.validity import BRUSSELS
from activation.enums import KeyKind, ReissueReason
from activation.models import ActivationCode, DigitalKey
from bench.weeks import drawers
from bench.weeks.city import City, House, build, days_of, first_monday
from bench.weeks.holders import Homes
from bench.weeks.tally import Tally, Times
from bench.weeks.visits import Desk
from counter.tasks import seal_journal
from notifications.tasks import deliver, remind
from payments.models import DrawerSession

type Act = Callable[[datetime.datetime], None]

_OPENS: Final = datetime.time(9)
_OPEN_MINUTES: Final = 7 * 60
_CLOSES: Final = datetime.time(16, 45)
_REMINDED: Final = datetime.time(10, 30)
_NIGHT: Final = datetime.time(1, 15)
_BY_DAY: Final = {"deliver", "seal_journal", "remind"}
#: Of a hundred with a code: never come; lose the paper; lock it; the same evening.
_NEVER, _LOSE, _LOCK, _TONIGHT = 0.12, 0.03, 0.01, 0.65
_MINUTE: Final = datetime.timedelta(minutes=1)
_DAY: Final = datetime.timedelta(days=1)


def nightly() -> list[str]:
    """The tasks of the schedule that a night is made of, in its order."""
    names = [str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    return [name for name in names if name.rpartition(".")[2] not in _BY_DAY]


@dataclass(order=True)
class _Due:
    at: datetime.datetime
    nth: int
    act: Act = field(compare=False)


class Weeks:
    """A city's days; afterwards `tally`, `times` and `exceptions` say how they went."""

    def __init__(self, city: City, *, seed: int = 1, seconds: float = math.inf) -> None:
        """After so many `seconds` nobody comes any more, and no other day begins."""
        self.city = city
        self.until = time.perf_counter() + seconds
        #: On which visits were possible to their end.
        self.days = 0
        self.chance = random.Random(seed)  # noqa: S311 (who comes, no secret)
        self.tally, self.times = Tally(), Times()
        self.desk = Desk(self.tally, self.chance, rare=city.rare)
        self.homes = Homes(self.tally, self.chance)
        self.exceptions: list[str] = []
        self.handled: Counter[str] = Counter()
        self.houses: list[House] = []
        self._due: list[_Due] = []
        self._nth = itertools.count()
        self.first = first_monday()
        self.end = _at(self.first, _OPENS)

    @property
    def is_late(self) -> bool:
        return time.perf_counter() > self.until  # a clock that is not moved

    def run(self) -> None:
        """All days of it, on a moved clock, from the offices' making on."""
        start = _at(self.first - _DAY, _OPENS)
        with time_machine.travel(start, tick=False) as self._clock:
            self.houses, self.finance = build(self.city)
            for day, is_open in days_of(self.city, self.first):
                self._night(day)
                self._goes_on(_at(day, _REMINDED) if not is_open else _at(day, _OPENS))
                if is_open:
                    self._workday(day)
                self.days += 1
                if self.is_late:
                    break
            self._night(day + _DAY)
            self.end = self._now

    def _workday(self, day: datetime.date) -> None:
        opened = [(house, drawers.open_all(house, self._now)) for house in self.houses]
        for nth in range(self.city.visits):
            minute = nth * _OPEN_MINUTES // self.city.visits
            self._later(_at(day, _OPENS) + minute * _MINUTE, self._visit(nth))
        self._later(_at(day, _REMINDED), self._remind)
        self._later(_at(day, _CLOSES), lambda at: self._close(opened, at))

    def _visit(self, nth: int) -> Act:
        house = self.houses[nth % len(self.houses)]
        clerk = self.chance.choice(house.clerks)

        def act(at: datetime.datetime) -> None:
            if self.is_late:
                return
            with self.times.of("visit"):
                code = self.desk.visit(house, clerk, at)
            if code is not None:
                self._goes_home(code, house, at)

        return act

    def _goes_home(
        self, code: ActivationCode, house: House, at: datetime.datetime
    ) -> None:
        """By lot: used tonight or within the fortnight, lost, locked, or never."""
        lot = self.chance.random()
        if lot < _NEVER:
            return
        rare = (lot - _NEVER) / self.city.rare
        if rare < _LOSE + _LOCK:
            is_lost = rare < _LOSE
            if not is_lost:
                self._later(_evening(at), lambda at: self.homes.lock(code, at))
            reason = ReissueReason.SHEET_LOST if is_lost else ReissueReason.CODE_LOCKED
            self._later(
                _workday_after(at), lambda at: self._comes_back(code, house, reason, at)
            )
            return
        days = 0 if self.chance.random() < _TONIGHT else self.chance.randint(1, 12)
        self._later(_evening(at + days * _DAY), lambda at: self._opens_link(code, at))

    def _comes_back(
        self,
        code: ActivationCode,
        house: House,
        reason: ReissueReason,
        at: datetime.datetime,
    ) -> None:
        new = self.desk.comes_back(code, house, reason, at)
        self._later(_evening(at), lambda at: self._opens_link(new, at))

    def _opens_link(self, code: ActivationCode, at: datetime.datetime) -> None:
        with self.times.of("link, code, account, kind of key"):
            key = self.homes.open_link(code, at)
        self._later(at + 2 * _MINUTE, lambda at: self._confirms(key, at))

    def _confirms(self, key: DigitalKey, at: datetime.datetime) -> None:
        with self.times.of("key confirmed"):
            self.homes.confirm(key, at)
        lot = self.chance.random() / self.city.rare
        later = at + self.city.later * _DAY
        if lot < 0.02:
            self._later(later, lambda at: self.homes.revoke(key, at))
        elif lot < 0.05:
            self._later(later, lambda at: self.homes.replace(key, at))
        elif lot < 0.1 and key.kind == KeyKind.APP:
            self._later(later, lambda at: self._forgets(key, at))

    def _forgets(self, key: DigitalKey, at: datetime.datetime) -> None:
        mailed = self.homes.forget(key, at)
        self._later(at + 2 * _MINUTE, lambda at: self.homes.recover(key, mailed, at))

    def _close(
        self,
        opened: list[tuple[House, list[DrawerSession]]],
        at: datetime.datetime,
    ) -> None:
        for house, sessions in opened:
            with self.times.of("day closed"):
                differences = drawers.close_all(
                    house, sessions, self.finance, self.tally, at
                )
            self.exceptions += [
                f"{house.place.office}, {at:%x}: {difference}"
                for difference in differences
            ]

    def _remind(self, _at: datetime.datetime) -> None:
        self._task("notifications.tasks.remind", remind)

    def _night(self, day: datetime.date) -> None:
        self._goes_on(_at(day, _NIGHT))
        for name in nightly():
            self._task(name, import_string(name))
        self._minute_ends()

    def _task(self, name: str, task: Callable[[], int]) -> None:
        with self.times.of(name):
            self.handled[name] += task()

    @property
    def _now(self) -> datetime.datetime:
        return datetime.datetime.now(BRUSSELS)

    def _later(self, at: datetime.datetime, act: Act) -> None:
        heapq.heappush(self._due, _Due(at, next(self._nth), act))

    def _goes_on(self, to: datetime.datetime) -> None:
        """Until this instant, with everything that is due by then."""
        while self._due and self._due[0].at < to:
            minute = self._due[0].at
            self._clock.move_to(minute)
            while self._due and self._due[0].at < minute + _MINUTE:
                heapq.heappop(self._due).act(minute)
            self._minute_ends()
        self._clock.move_to(to)

    def _minute_ends(self) -> None:
        self._task("notifications.tasks.deliver", deliver)
        self._task("counter.tasks.seal_journal", seal_journal)


def _at(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, hour, BRUSSELS)


def _evening(at: datetime.datetime) -> datetime.datetime:
    """Between seven and the hour in which a visit was, so that not all come at once."""
    return at.replace(hour=19) + (at.hour - _OPENS.hour) * 15 * _MINUTE


def _workday_after(at: datetime.datetime) -> datetime.datetime:
    days = {4: 3, 5: 2}.get(at.weekday(), 1)
    return at + days * _DAY
