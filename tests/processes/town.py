"""A town hall on servers of its own: web, worker, loop, mail, a broker and PostgreSQL.

Its servers can be stopped and killed while desks take money: a clerk whose page does
not come presses again, with the same form.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.web import LostError, Wire
from localrun.servers.services import Postgres, Valkey
from tests.mail_server import MailServer
from tests.processes.conftest import PYTHON, ROOT, Process

#: An office with its desks; each clerk's cookies, and people who wait to pay.
_MAKE_OFFICE = """
import django, json
django.setup()
from bench.people import Visitors, colleagues, make_clerk
from bench.web import signed_in
first = make_clerk()
waiting = Visitors(first)
clerks = [first, *colleagues(first, DESKS - 1)]
print(json.dumps([
    {
        "cookies": signed_in(clerk),
        "dossiers": [str(one.pk) for one in waiting.recorded(VISITS)],
    }
    for clerk in clerks
]))
"""
FIELD = re.compile(rb'name="(submission|shown)"[^>]*?value="([^"]*)"')
_REFERENCE = re.compile(rb"(?i)\nx-request-id: (\S+)")
#: One row: payments, dossiers paid, receipts, their last number, dossiers with a code,
#: mails.
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

    def make_desks(self, desks: int, visits: int) -> list[dict[str, Any]]:
        """Clerks with their cookies, each with so many people who wait to pay."""
        made = _MAKE_OFFICE.replace("DESKS", str(desks)).replace("VISITS", str(visits))
        return list(json.loads(self.run("-c", made)))

    def stop_database_at_once(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: without waiting or tidying up."""
        server = self.postgres.process
        assert server is not None
        server.send_signal(signal.SIGQUIT)
        server.wait(30)
        self.postgres.process = None

    def start(
        self, name: str, command: list[str], *, cwd: Path = ROOT, **env: str
    ) -> Process:
        log = self.home / f"{name}.log"
        part = Process(command, log=log, env=self.env | env, cwd=cwd)
        self.running.append(part)
        return part

    def run(self, *words: str, as_owner: bool = False, cwd: Path = ROOT) -> str:
        url = self.postgres.owner_url if as_owner else self.postgres.url
        ended = subprocess.run(
            [PYTHON, *words],
            env=self.env | {"DATABASE_URL": url},
            cwd=cwd,
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
    """Let every person of the desk pay; `done` gets the dossier of each who paid."""
    for dossier in desk["dossiers"]:
        page = f"/counter/dossiers/{dossier}/pay/"
        opened = press(port, desk["cookies"], page, None)
        form = {name.decode(): value.decode() for name, value in FIELD.findall(opened)}
        press(port, desk["cookies"], page, form | {"method": "cash", "tendered": "20"})
        done.append(dossier)


def press(
    port: int, cookies: dict[str, str], page: str, form: dict[str, str] | None
) -> bytes:
    """Press until the page comes or the payment is accepted; return the answer's body.

    After an error page (500 and above) the clerk presses again; any other answer fails
    the test.
    """
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
        reference = _REFERENCE.search(answer.head)
        assert reference, answer.head
        assert reference[1] in answer.body, "an error page names the request"
        time.sleep(0.2)
    raise TimeoutError(page)
