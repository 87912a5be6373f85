"""PostgreSQL and the broker are killed with -9 while four desks take money.

100 people pay in `make soak`, 24 in `make test`; the servers are killed twice
meanwhile.
"""

import threading
import time
from collections import Counter

import pytest

from localrun import parts
from localrun.processes import tail
from tests.processes.conftest import LOOP, wait_for
from tests.processes.town import BOOKED, Town, serve, town
from tests.size import SOAK
from tests.web_server import WebServer

__all__ = ["town"]

pytestmark = pytest.mark.processes

DESKS, VISITS = (4, 25) if SOAK else (4, 6)


def test_no_payment_is_lost_or_booked_twice(town: Town) -> None:
    desks = town.make_desks(DESKS, VISITS)
    town.start("worker", parts.command(parts.WORKER))
    loop = town.start("loop", LOOP)
    web = WebServer(town.home / "web.log", town.env)
    paid: list[list[str]] = [[] for _ in desks]
    at_desks = [
        threading.Thread(target=serve, args=(desk, web.port, done))
        for desk, done in zip(desks, paid, strict=True)
    ]

    def served() -> int:
        return sum(map(len, paid))

    try:
        web.until_it_answers()
        for desk in at_desks:
            desk.start()
        for count in (DESKS * VISITS // 4, DESKS * VISITS // 2):
            wait_for(lambda least=count: served() >= least, seconds=120)  # type: ignore[misc]
            town.postgres.kill()
            town.broker.kill()
            time.sleep(1)
            town.postgres.start()
            town.broker.start()
        for desk in at_desks:
            desk.join(150)
        assert served() == DESKS * VISITS, tail(web.log)
        assert web.child.poll() is None, "the web server was not started again"
    finally:
        web.close()
    everybody = DESKS * VISITS
    assert town.row(BOOKED) == (everybody,) * 6
    assert not loop.has_ended()
    town.run("manage.py", "verify_journal")
    waiting = "SELECT count(*) FROM notifications_delivery WHERE state = 'waiting'"
    town.let_leases_run_out()
    wait_for(lambda: town.row(waiting) == (0,), seconds=60, what="every mail")
    copies = Counter(mail["Message-ID"] for mail in town.mail.messages)
    assert len(copies) == everybody
    # A process that was sending at a kill could not write down that it had sent.
    print(f"{max(copies.values())} copies of a mail at most")
    assert max(copies.values()) <= 3
