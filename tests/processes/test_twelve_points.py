"""A sender is killed with -9 at each of twelve points of a mail, and none is lost.

At each point the mail server or the database makes the sender wait, so the test knows
where it is; the product has no code for that. 20 people a point in `make test`, 1,000
in `make soak`. After a kill at most one mail arrives twice, as the same mail.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from notifications.enums import DeliveryState, Kind
from notifications.letters.rendering import again
from notifications.models import Delivery
from tests.database import superuser
from tests.hostile_relay import HostileRelay, silent
from tests.mail_server import Hang
from tests.notifications.acts import let_time_pass
from tests.processes.conftest import House, Process, wait_for
from tests.processes.sending import LEASE, all_settled, assert_none_lost, visits
from tests.size import SOAK

pytestmark = pytest.mark.processes

MANY = 1000 if SOAK else 20
A_MINUTE = datetime.timedelta(minutes=1)
#: A number for the lock on which a commit waits.
_COMMITS: int = 4711

type Reached = Callable[[], object]
type Point = Callable[[House], AbstractContextManager[Reached]]


@contextmanager
def _locked(table: str) -> Iterator[Callable[[], bool]]:
    """Make readers of this table wait; yield a function that says whether one waits."""
    waits = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    )
    with superuser() as server, superuser() as looking, server.transaction():
        lock = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
        server.execute(lock.format(sql.Identifier(table)))

        def somebody_waits() -> bool:
            row = looking.execute(waits, [table]).fetchone()
            return bool(row and row[0])

        yield somebody_waits


@contextmanager
def in_the_sweep(_house: House) -> Iterator[Reached]:
    """The sender has claimed a row, and the claim is not committed yet."""
    with _locked("counter_office") as somebody_waits:
        yield lambda: wait_for(somebody_waits)


@contextmanager
def after_the_claim(_house: House) -> Iterator[Reached]:
    """The sender has claimed the row, and has not read yet what the mail is about."""
    with _locked("activation_activationcode") as somebody_waits:
        yield lambda: wait_for(somebody_waits)


@contextmanager
def while_rendering(_house: House) -> Iterator[Reached]:
    """The sender has read the code, and asks how often its link was sent before."""
    for mail in Delivery.objects.select_related("dossier"):
        journal.write(Event.LINK_RESENT, dossier=mail.dossier)
        Delivery.objects.filter(pk=mail.pk).update(
            kind=Kind.LINK_AGAIN, subject=again(mail.subject, 1)
        )
    with _locked("counter_journalentry") as somebody_waits:
        yield lambda: wait_for(somebody_waits)


@contextmanager
def before_connect(house: House) -> Iterator[Reached]:
    """The server accepts the connection and says nothing."""
    with HostileRelay() as mute:
        mute.at["banner"] = silent
        house.env["SMTP_PORT"] = str(mute.port)
        yield lambda: mute.reached.wait(20)


def _hangs(at: str, *, keep: bool = False) -> Point:
    @contextmanager
    def point(house: House) -> Iterator[Reached]:
        hang = Hang(keep=keep)
        setattr(house.mail, at, hang)
        yield lambda: hang.reached.wait(20)
        setattr(house.mail, at, None)
        hang.release.set()

    return point


@contextmanager
def after_the_answer(house: House) -> Iterator[Reached]:
    """The server has accepted the mail, and the sender cannot write that down yet."""
    hang = house.mail.at_data = Hang()
    with superuser() as server, server.transaction():

        def answered() -> bool:
            if not hang.reached.wait(20):
                return False
            server.execute(
                "SELECT FROM notifications_delivery WHERE lease IS NOT NULL FOR UPDATE"
            )
            house.mail.at_data = None
            hang.release.set()
            wait_for(_a_lock_is_waited_for)
            return True

        yield answered


@contextmanager
def in_the_commit(_house: House) -> Iterator[Reached]:
    """The row is written as sent, and its commit is under way."""
    with superuser() as server:
        server.execute(
            "CREATE FUNCTION wait_in_commit() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN PERFORM pg_advisory_xact_lock({_COMMITS}); RETURN NULL; END'"
        )
        server.execute(
            "CREATE CONSTRAINT TRIGGER wait_in_commit AFTER UPDATE"
            " ON notifications_delivery DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            " WHEN (NEW.state = 'sent') EXECUTE FUNCTION wait_in_commit()"
        )
        server.execute("SELECT pg_advisory_lock(%s)", [_COMMITS])
        yield lambda: wait_for(_a_lock_is_waited_for)
        server.execute("SELECT pg_advisory_unlock(%s)", [_COMMITS])
        # The sender is dead and hears nothing; the database still completes the commit.
        wait_for(lambda: not _a_lock_is_waited_for())
        server.execute("DROP TRIGGER wait_in_commit ON notifications_delivery")
        server.execute("DROP FUNCTION wait_in_commit()")


@contextmanager
def in_back_off(house: House) -> Iterator[Reached]:
    """All other mails were sent, and one waits for its next try."""
    house.mail.answers = {"person0": "451 4.2.0 later"}
    put_off = Delivery.objects.unsent().filter(lease=None, attempts=1)
    yield lambda: wait_for(
        lambda: put_off.count() == 1 == Delivery.objects.unsent().count(), seconds=120
    )
    # The next try is due after fifteen seconds, and a busy machine may need longer to
    # start the next sender.
    Delivery.objects.unsent().update(not_before=timezone.now() + A_MINUTE)
    house.mail.answers = {}


@contextmanager
def a_second_after_sigterm(house: House) -> Iterator[Reached]:
    hang = house.mail.at_data = Hang()

    def asked_to_stop() -> bool:
        if not hang.reached.wait(20):
            return False
        house.processes[-1].child.terminate()
        time.sleep(1)
        return True

    yield asked_to_stop
    house.mail.at_data = None
    hang.release.set()


#: Each point, with the number of mails that may arrive twice after a kill there.
POINTS: dict[str, tuple[Point, int]] = {
    "in the sweep": (in_the_sweep, 0),
    "after the claim": (after_the_claim, 0),
    "while rendering": (while_rendering, 0),
    "before connect": (before_connect, 0),
    "after MAIL FROM": (_hangs("at_mail"), 0),
    "after RCPT": (_hangs("at_rcpt"), 0),
    "in DATA": (_hangs("at_data"), 0),
    "after DATA, before the answer": (_hangs("at_data", keep=True), 1),
    "after the answer, before the commit": (after_the_answer, 1),
    "in the commit": (in_the_commit, 0),
    "in back-off": (in_back_off, 0),
    "a second after SIGTERM": (a_second_after_sigterm, 1),
}


def _a_lock_is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def start(house: House, name: str) -> Process:
    """Start the loop or a worker; they take turns from point to point."""
    if list(POINTS).index(name) % 2:
        worker = house.worker("--pool", "prefork", "--concurrency", "1")
        house.wake_up()
        return worker
    return house.loop()


@pytest.mark.parametrize("name", POINTS)
def test_a_sender_killed_at_a_point(house: House, els: Clerk, name: str) -> None:
    point, twice_at_most = POINTS[name]
    visits(MANY, els)
    with point(house) as reached:
        sender = start(house, name)
        assert reached() is not False
        sender.kill()
    assert not all_settled() or name == "in the commit"

    in_hand = set(Delivery.objects.unsent().filter(attempts__gt=0))
    house.deliver_once()
    # No sender touches a live lease or a mail that waits; all the others were sent.
    assert set(Delivery.objects.unsent()) == in_hand
    let_time_pass(LEASE + 60)
    house.deliver_once()
    assert_none_lost(house, MANY, twice_at_most=twice_at_most)
    assert not Delivery.objects.exclude(state=DeliveryState.SENT).exists()
