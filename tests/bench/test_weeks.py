"""A small city's week in fast motion; `make bench ONLY=year` runs a whole year."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from bench.weeks import sums
from bench.weeks.city import City
from bench.weeks.days import Weeks
from config.settings.base import mailer
from notifications.outbox import waiting_room
from tests.database import superuser
from tests.mail_server import MailServer

WEEK = City(
    "a small city, a week", offices=2, desks=2, visits=6, days=8, later=2, rare=4
)

EVERY_ACT = (
    "recorded",
    "paid",
    "waived",
    "given back",
    "to the safe",
    "code locked",
    "code replaced",
    "key active",
    "key revoked",
    "password recovered",
)


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAILERS = {"default": mailer(host="127.0.0.1", port=server.port)}
        yield server
    assert waiting_room.wait(10)


@pytest.mark.django_db(transaction=True)
def test_a_week_adds_up(mail_server: MailServer) -> None:
    weeks = Weeks(WEEK)
    weeks.run()
    done = weeks.tally.acts
    assert [act for act in EVERY_ACT if not done[act]] == []
    accepted = len(mail_server.messages)
    assert sums.misfits(weeks, accepted=accepted) == []
    # Each sum that does not add up is reported by its name.
    done["paid"] += 1
    done["code used"] += 1
    done["key revoked"] -= 1
    weeks.tally.on_terminal[0, weeks.first] += 1
    with superuser() as server:
        server.execute("DELETE FROM payments_receipt WHERE number = 2")
        server.execute(
            "UPDATE counter_journalentry SET event = 'x'"
            " WHERE id = (SELECT max(id) FROM counter_journalentry)"
        )
        server.execute(
            "UPDATE notifications_delivery SET state = 'waiting', sent_at = NULL"
            " WHERE id ="
            " (SELECT id FROM notifications_delivery"
            "  WHERE channel = 'mail' AND state = 'sent' LIMIT 1)"
        )
    named = {line.partition(":")[0] for line in sums.misfits(weeks, accepted=accepted)}
    assert named == {
        "payments",
        "receipts",
        "receipt numbers",
        "money in",
        "code used",
        "key revoked",
        "journal",
        "messages left",
        "mails at the server",
    }
