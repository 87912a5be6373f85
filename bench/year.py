"""15. A city's year, with LARGE=1 a day of the whole country, in fast motion.

bench/weeks lets it happen, from the desk to what nights remove, and says at the end
whether all of it adds up; if it does not, there are no figures. Then every page of
clerk and supervisor is asked for once more, on the day after the last.
"""

import os
import time
from typing import Final

import time_machine
from django.db import connection

from bench.measure import Figure, at_most, tell
from bench.post import Sink
from bench.screens import walk
from bench.weeks import sizes, sums
from bench.weeks.city import BELGIUM, LEUVEN, City
from bench.weeks.days import Weeks
from bench.weeks.tally import Times
from bench.world import build
from counter.database.roles import PLANNING

IS_LARGE: Final = bool(os.environ.get("BENCH_LARGE"))
#: What the machine does in that time is what the figures are of; at most 110 minutes,
#: because bench/running.py ends a figure after two hours.
SECONDS: Final = 60 * min(float(os.environ.get("MINUTES") or 50), 110)
#: The archive's places (bench/world.py): the largest first, small ones last.
_PLACES: Final = 6
_SLOWEST: Final = 5


def measure() -> list[Figure]:
    city = BELGIUM if IS_LARGE else LEUVEN
    _plan_as_servers_do()
    weeks, accepted = _weeks(city)
    tables = sizes.tables()
    backup = sizes.back_up()
    visits = weeks.tally.acts["recorded"]
    whole = sum(table.bytes for table in tables)
    return [
        Figure(
            15,
            f"{city.name}: {visits:,} visits in {weeks.days} days, MB of database",
            whole / 1e6,
            ours=f"{whole / visits:,.0f} bytes a visit",
            values={"table": sizes.shown(tables, visits)},
        ),
        Figure(
            15,
            "its backup, seconds",
            backup.seconds,
            ours=f"{backup.bytes / 1e6:.1f} MB",
        ),
        _nights(weeks.times),
        Figure(
            15,
            "its mails, for each visit",
            accepted / visits,
            ours=f"{accepted:,} mails, none left",
            values={"acts": dict(weeks.tally.acts)},
        ),
        _slowest_page(weeks),
    ]


def _plan_as_servers_do() -> None:
    """And wait for no disk: what is asked here is how large and how slow it becomes."""
    name = connection.settings_dict["NAME"]
    settings = {**PLANNING, "synchronous_commit": "off"}
    with connection.cursor() as cursor:
        for setting, value in settings.items():
            cursor.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
    connection.close()


def _weeks(city: City) -> tuple[Weeks, int]:
    """The weeks that were run, and how many mails the mail server took in."""
    with Sink() as sink:
        started = time.perf_counter()
        weeks = Weeks(city, seconds=SECONDS)
        weeks.run()
        took = time.perf_counter() - started
        accepted = len(sink.moments())
    tell(f"{city.name}: {weeks.days} days in {took:.0f} s, {dict(weeks.tally.acts)}")
    if wrong := sums.misfits(weeks, accepted=accepted):
        raise RuntimeError("It does not add up:\n" + "\n".join(wrong[:20]))
    return weeks, accepted


def _nights(times: Times) -> Figure:
    """Each task's longest run; those of a minute are as long as what they find."""
    tasks = sorted(
        (name for name in times.count if ".tasks." in name),
        key=lambda name: -times.longest[name],
    )
    longest = tasks[0]
    return Figure(
        15,
        "its tasks, the longest run in seconds",
        times.longest[longest],
        ours=longest,
        values={"table": _times(times)},
    )


def _times(times: Times) -> list[str]:
    heads = ("what", "times", "seconds", "of CPU", "longest")
    lines = [f"{heads[0]:44}{heads[1]:>8}{heads[2]:>10}{heads[3]:>9}{heads[4]:>9}"]
    for name, count in sorted(times.count.items(), key=lambda one: -times.wall[one[0]]):
        lines.append(
            f"{name:44}{count:>8,}{times.wall[name]:>10.1f}{times.cpu[name]:>9.1f}"
            f"{times.longest[name]:>9.2f}"
        )
    return lines


def _slowest_page(weeks: Weeks) -> Figure:
    places = [house.place for house in weeks.houses]
    chosen = [*places[: _PLACES - 1], *[places[0]] * _PLACES][:_PLACES]
    with time_machine.travel(weeks.end, tick=True):
        seen = walk(build(chosen), ["clerk", "supervisor"])
    pages = sorted(seen.values(), key=lambda one: -one.cpu)
    slowest = pages[0]
    return Figure(
        15,
        f"its slowest of {len(pages)} pages, ms of CPU",
        slowest.cpu * 1000,
        at_most(100, " ms"),
        ours=f"{slowest.page.name}, slowest query {slowest.slowest[0] * 1000:.1f} ms",
        values={
            "pages": [
                {"page": one.page.name, "cpu": one.cpu, "wall": one.wall}
                for one in pages[:_SLOWEST]
            ]
        },
    )
