"""PostgreSQL is stopped at once and started again while four desks take money.

As with `pg_ctl stop -m immediate`, every connection breaks in the middle of its work.
Two stops of four seconds in `make test`, ten of thirty in `make soak`. Web, worker and
loop are not started again; the figures say how long they take until they work again.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest

from localrun import parts
from localrun.processes import tail
from tests.processes.conftest import LOOP, wait_for
from tests.processes.town import BOOKED, Town, press, serve, town
from tests.size import SOAK
from tests.web_server import WebServer

__all__ = ["town"]

pytestmark = pytest.mark.processes

DESKS, VISITS = (4, 60) if SOAK else (4, 6)
STOPS, AWAY_SECONDS = (10, 30.0) if SOAK else (2, 4.0)
#: Seconds after the database is back, in which there must be: a page of a desk; a sign
#: of life of each part, which writes one every twenty seconds; every mail.
WEB_WITHIN, PARTS_WITHIN, MAILS_WITHIN = 15.0, 60.0, 60.0
HEARD = """
SELECT count(DISTINCT part) FROM notifications_heartbeat
WHERE at > now() - %s * interval '1 second' AND part IN ('worker', 'deliver')
"""


def seconds_until(condition: Callable[[], bool], *, within: float, what: str) -> float:
    begun = time.monotonic()
    wait_for(condition, seconds=within, what=what)
    return time.monotonic() - begun


def parts_heard(town: Town, since: float) -> bool:
    with psycopg.connect(town.postgres.superuser_url) as server:
        row = server.execute(HEARD, [time.monotonic() - since]).fetchone()
    return row == (2,)


def test_every_visit_is_whole_and_everybody_works_again(town: Town) -> None:
    desks = town.make_desks(DESKS, VISITS)
    worker = town.start("worker", parts.command(parts.WORKER))
    loop = town.start("loop", LOOP)
    web = WebServer(town.home / "web.log", town.env)
    paid: list[list[str]] = [[] for _ in desks]
    at_desks = [
        threading.Thread(target=serve, args=(desk, web.port, done), daemon=True)
        for desk, done in zip(desks, paid, strict=True)
    ]
    cookies = desks[0]["cookies"]

    def served() -> int:
        return sum(map(len, paid))

    took: list[float] = []
    try:
        web.until_it_answers()
        for desk in at_desks:
            desk.start()
        for stop in range(1, STOPS + 1):
            least = DESKS * VISITS * stop // (STOPS + 1)
            wait_for(lambda least=least: served() >= least, seconds=180)  # type: ignore[misc]
            town.stop_database_at_once()
            time.sleep(AWAY_SECONDS)
            town.postgres.start()
            begun = time.monotonic()
            press(web.port, cookies, "/counter/", None)
            took.append(time.monotonic() - begun)
        last = time.monotonic()
        for desk in at_desks:
            desk.join(180)
        assert served() == DESKS * VISITS, tail(web.log)
        assert web.child.poll() is None, "the web server was not started again"
    finally:
        web.close()
    print(f"a page {max(took):.1f} s after the database at most, bound {WEB_WITHIN} s")
    assert max(took) < WEB_WITHIN
    everybody = DESKS * VISITS
    assert town.row(BOOKED) == (everybody,) * 6
    assert town.row("SELECT sum(amount) = count(*) * 10 FROM payments_payment") == (
        True,
    )
    town.run("manage.py", "verify_journal")

    heard = seconds_until(
        lambda: parts_heard(town, last), within=PARTS_WITHIN, what="signs of life"
    )
    assert not loop.has_ended()
    assert not worker.has_ended()
    waiting = "SELECT count(*) FROM notifications_delivery WHERE state = 'waiting'"
    town.let_leases_run_out()
    mailed = seconds_until(
        lambda: town.row(waiting) == (0,), within=MAILS_WITHIN, what="every mail"
    )
    print(f"parts heard after {heard:.1f} s more, every mail after {mailed:.1f} s more")
    copies = Counter(mail["Message-ID"] for mail in town.mail.messages)
    assert len(copies) == everybody
    # A process that was sending at a stop could not write down that it had sent: each
    # such process adds one copy at most.
    print(f"{max(copies.values())} copies of a mail at most, bound 3")
    assert max(copies.values()) <= 3
