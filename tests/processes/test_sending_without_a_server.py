"""Mails wait while broker, mail server or database are away, and go out afterwards."""

import datetime
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from counter.enums import DossierState
from counter.models import Clerk, Dossier
from notifications.models import Delivery
from tests.mail_server import Hang
from tests.notifications.acts import let_time_pass
from tests.processes.conftest import House, wait_for
from tests.processes.sending import LEASE, all_settled, assert_none_lost, visit, visits
from tests.size import SOAK

pytestmark = pytest.mark.processes
#: People who are served while the broker is away for good.
SERVED = 200 if SOAK else 20


@contextmanager
def database_away() -> Iterator[None]:
    """Cut all connections except the test's own, and let no new ones in."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> %s"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), pg_backend_pid()")
        ours = cursor.fetchone()
    url = (
        urlsplit(os.environ["SUPERUSER_DATABASE_URL"])
        ._replace(path="/postgres")
        .geturl()
    )
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(allow.format(name, sql.SQL("false")))
        try:
            server.execute(cut, ours)
            yield
        finally:
            server.execute(allow.format(name, sql.SQL("true")))


def test_a_broker_killed_and_restarted_empty(house: House, els: Clerk) -> None:
    """The broker loses the wake-ups that it still had; the loop sends those mails.

    There are 300 people in `make soak`, and 30 in `make test`.
    """
    house.worker("--pool", "prefork", "--concurrency", "1")
    third = 100 if SOAK else 10
    for place in range(3 * third):
        visit(place, els)
        if place < third or place > 2 * third:
            house.wake_up()
        if place == third:
            house.broker.kill()
        if place == 2 * third:
            house.broker.start()
    house.loop()

    wait_for(all_settled)
    assert_none_lost(house, 3 * third)


def test_a_broker_that_never_comes_back(house: House, els: Clerk) -> None:
    """200 people are served in `make soak`, and 20 in `make test`."""
    house.loop()
    house.broker.kill()
    started = time.monotonic()
    visits(SERVED, els)

    wait_for(all_settled)
    print(f"all sent after {time.monotonic() - started:.1f} s, bound 120 s")
    assert_none_lost(house, SERVED)


def test_a_mail_server_that_is_away(house: House, els: Clerk) -> None:
    """No visit is refused or waits for the server; all mails leave when it is back."""
    house.loop()
    house.worker("--pool", "prefork", "--concurrency", "1")
    with_mail = [visit(place, els) for place in range(20)]
    wait_for(all_settled)
    house.mail.stop()
    without = []
    for place in range(20, 50):
        without.append(visit(place, els))
        house.wake_up()
    time.sleep(2)
    codes_issued = Dossier.objects.filter(state=DossierState.CODE_ISSUED).count()
    waiting = Delivery.objects.unsent()
    assert codes_issued == 50
    assert waiting.count() == 30
    soon = timezone.now() + datetime.timedelta(seconds=75)
    assert not waiting.filter(not_before__gt=soon).exists()

    house.mail.start()
    let_time_pass(75)
    started = time.monotonic()
    wait_for(all_settled)

    middle = sorted(without)[15] / sorted(with_mail)[10]
    print(
        f"visits with the mail server away take {middle:.2f} of the time; "
        f"all sent {time.monotonic() - started:.1f} s after its return"
    )
    # Waiting for the mail server would take its whole time limit, 10 seconds.
    assert max(without) < 5
    assert_none_lost(house, 50)


def test_a_loop_outlives_its_database(house: House, els: Clerk) -> None:
    """Every connection is cut in the middle of a mail, and new ones are refused."""
    hang = house.mail.at_data = Hang()
    loop = house.loop()
    visits(3, els)
    assert hang.reached.wait(20)
    with database_away():
        house.mail.at_data = None
        hang.release.set()
        wait_for(lambda: loop.logged.count("database_away") >= 2)
    assert not loop.has_ended()

    wait_for(lambda: Delivery.objects.unsent().count() == 1, what="the other two")
    let_time_pass(LEASE)
    wait_for(all_settled)
    assert_none_lost(house, 3, twice_at_most=1)
