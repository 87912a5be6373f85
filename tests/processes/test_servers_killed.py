"""PostgreSQL and the broker are killed with -9 while four desks take money.

The whole product on servers of its own: web, worker, delivery loop and a mail server.
A clerk whose page does not come presses again, with the same form. 100 people pay in
`make soak`, 24 in `make test`; the servers are killed twice among them.
"""

import json
import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.web import LostError, Wire
from localrun import parts
from localrun.processes import tail
from localrun.servers.services import Postgres, Valkey
from tests.mail_server import MailServer
from tests.processes.conftest import LOOP, PYTHON, ROOT, Process, wait_for
from tests.size import SOAK
from tests.web_server import WebServer

pytestmark = pytest.mark.processes

DESKS, VISITS = (4, 25) if SOAK else (4, 6)
#: An office with its desks; each clerk's cookies, and people who wait to pay.
MAKE_OFFICE = f"""
import django, json
django.setup()
from bench.people import Visitors, colleagues, make_clerk
from bench.web import signed_in
first = make_clerk()
waiting = Visitors(first)
clerks = [first, *colleagues(first, {DESKS - 1})]
print(json.dumps([
    {{
        "cookies": signed_in(clerk),
        "dossiers": [str(one.pk) for one in waiting.recorded({VISITS})],
    }}
    for clerk in clerks
]))
"""
FIELD = re.compile(rb'name="(submission|shown)"[^>]*?value="([^"]*)"')
#: One row: payments, different submissions, receipts, their last number, codes, mails.
BOOKED = """
SELECT (SELECT count(*) FROM payments_payment),
       (SELECT count(DISTINCT dossier_id) FROM payments_payment),
       (SELECT count(*) FROM payments_receipt),
       (SELECT max(number) FROM payments_receipt),
       (SELECT count(DISTINCT dossier_id) FROM activation_activationcode),
       (SELECT count(*) FROM notifications_delivery)
"""


@dataclass
class Town:
    """Servers that can be killed, and the parts that use them."""

    home: Path
    postgres: Postgres
    broker: Valkey
    mail: MailServer
    env: dict[str, str] = field(default_factory=dict)
    running: list[Process] = field(default_factory=list)

    def start(self, name: str, command: list[str]) -> Process:
        part = Process(command, log=self.home / f"{name}.log", env=self.env)
        self.running.append(part)
        return part

    def run(self, *words: str, as_owner: bool = False) -> str:
        url = self.postgres.owner_url if as_owner else self.postgres.url
        ended = subprocess.run(
            [PYTHON, *words],
            env=self.env | {"DATABASE_URL": url},
            cwd=ROOT,
            text=True,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def let_leases_run_out(self) -> None:
        """End the leases of senders that lost the database while they sent a mail."""
        with psycopg.connect(self.postgres.superuser_url) as server:
            server.execute(
                "UPDATE notifications_delivery SET not_before = now(),"
                " leased_until = now() WHERE state = 'waiting'"
            )

    def row(self, asked: str) -> tuple[Any, ...]:
        with psycopg.connect(self.postgres.superuser_url) as server:
            row = server.execute(asked.encode()).fetchone()
        assert row is not None
        return row


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    mail = MailServer()
    mail.start()
    # Durable, unlike the tests' own: what was committed has to outlive the kill.
    town = Town(tmp_path, Postgres(tmp_path, durable=True), Valkey(tmp_path), mail)
    town.postgres.start()
    town.broker.start()
    town.env = os.environ | {
        "DATABASE_URL": town.postgres.url,
        "REDIS_URL": town.broker.url,
        "SMTP_PORT": str(mail.port),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    try:
        town.run("manage.py", "migrate", "--verbosity", "0", as_owner=True)
        yield town
    finally:
        for part in town.running:
            part.kill()
        town.broker.stop()
        town.postgres.stop()
        mail.stop()


def serve(desk: dict[str, Any], port: int, done: list[str]) -> None:
    """One desk: every person pays, however often the clerk has to press for it."""
    for dossier in desk["dossiers"]:
        page = f"/counter/dossiers/{dossier}/pay/"
        opened = press(port, desk["cookies"], page, None)
        form = {name.decode(): value.decode() for name, value in FIELD.findall(opened)}
        press(port, desk["cookies"], page, form | {"method": "cash", "tendered": "20"})
        done.append(dossier)


def press(
    port: int, cookies: dict[str, str], page: str, form: dict[str, str] | None
) -> bytes:
    """Until the page comes, or the payment leads on; other answers fail the test."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            wire = Wire(port, cookies)
            answer = wire.get(page) if form is None else wire.post(page, form)
            wire.close()
        except (LostError, OSError):
            time.sleep(0.2)
            continue
        if answer.status == (200 if form is None else 303):
            return answer.body
        assert answer.status >= 500, (answer.status, answer.body)
        time.sleep(0.2)
    raise TimeoutError(page)


def test_no_payment_is_lost_or_booked_twice(town: Town) -> None:
    desks = json.loads(town.run("-c", MAKE_OFFICE))
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
    # Who was sending when the database died could not write down that it had.
    print(f"{max(copies.values())} copies of a mail at most")
    assert max(copies.values()) <= 3
