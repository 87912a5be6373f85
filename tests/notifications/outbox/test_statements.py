"""The SQL statements for a mail: which rows they find, and how many there are."""

import datetime
import itertools
import uuid
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from notifications.enums import Channel, DeliveryState, Kind, Lane
from notifications.letters.rendering import render
from notifications.models import Delivery
from notifications.outbox import outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from tests.mail_server import MailServer
from tests.notifications.acts import make_visits

AT = timezone.now()
SECOND = datetime.timedelta(seconds=1)
#: A lease is compared by the database's clock, which goes on while a test runs.
LONG = datetime.timedelta(days=1)


def put_every_kind_of_row(dossier: Dossier) -> None:
    for state, lease, not_before, kind, channel in itertools.product(
        DeliveryState,
        (None, AT - LONG, AT + LONG),
        (AT - SECOND, AT, AT + SECOND),
        (Kind.ONE_TIME_CODE, Kind.ACTIVATION_LINK, Kind.REMINDER_WEEK),
        Channel,
    ):
        ended = {} if state == DeliveryState.WAITING else {f"{state}_at": AT}
        Delivery.objects.create(
            kind=kind,
            channel=channel,
            subject=uuid.uuid4(),
            dossier=dossier,
            state=state,
            created_at=AT,
            not_before=not_before,
            lease=uuid.uuid4() if lease else None,
            leased_until=lease,
            attempts=3,
            **ended,
        )


def test_what_is_claimed_is_what_is_due_in_its_order(dossier: Dossier) -> None:
    put_every_kind_of_row(dossier)
    due = list(Delivery.objects.due(AT).order_by("lane", "not_before"))

    claimed = []
    while (row := outbox.claim(at=AT)) is not None:
        claimed.append(row)

    assert len(claimed) == len(due) > 20
    assert {row.pk for row in claimed} == {row.pk for row in due}
    order = [(row.lane, row.not_before) for row in due]
    assert [(row.lane, row.not_before) for row in claimed] == order


def test_a_claimed_row_is_the_row_in_the_database(dossier: Dossier) -> None:
    put_every_kind_of_row(dossier)
    row = outbox.claim(at=AT)
    assert row is not None
    kept = Delivery.objects.get(pk=row.pk)
    names = [field.attname for field in Delivery._meta.concrete_fields]
    assert [getattr(row, name) for name in names] == [
        getattr(kept, name) for name in names
    ]
    assert (row.attempts, row.handed_over_at) == (4, None)
    assert row.leased_until is not None
    with CaptureQueriesContext(connection) as queries:
        assert row.dossier is not None
        assert row.dossier.office_id == dossier.office_id
    assert len(queries) == 0


def test_lanes_and_channels_are_left_out(dossier: Dossier) -> None:
    put_every_kind_of_row(dossier)
    row = outbox.claim(at=AT, lanes=[Lane.BULK], without=[Channel.MAIL])
    assert row is not None
    assert (row.lane, row.channel) == (Lane.BULK, Channel.SMS)
    assert outbox.claim(at=AT, without=list(Channel)) is None
    assert outbox.claim(at=AT, lanes=[]) is None


@pytest.mark.parametrize("kind", [Kind.ACTIVATION_LINK, Kind.REMINDER_WEEK])
def test_a_mail_reads_its_code_once(els: Clerk, kind: Kind) -> None:
    """One statement reads every column that the mail shows."""
    (row,) = make_visits(1, els)
    at = timezone.now()
    if kind == Kind.REMINDER_WEEK:
        code = ActivationCode.objects.get()
        at = code.issued_at + datetime.timedelta(days=7)
    Delivery.objects.update(kind=kind)
    row = Delivery.objects.get(pk=row.pk)
    with CaptureQueriesContext(connection) as queries:
        assert render(row, at=at) is not None
    about_offices = [query for query in queries if "counter_office" in query["sql"]]
    read = [query for query in queries if "activation_activationcode" in query["sql"]]
    assert len(read) == 1
    # The second one asks whether there is another office, once a pass.
    assert len(queries) <= 1 + len(about_offices)
    assert len(about_offices) <= 2


def test_a_mail_takes_five_statements(els: Clerk, mail_server: MailServer) -> None:
    make_visits(6, els)
    with CaptureQueriesContext(connection) as queries:
        assert deliver_due().outcomes == {SendingOutcome.SENT: 6}

    done = Counter(
        (words[0], "journal" if "journalentry" in query["sql"] else "")
        for query in queries
        if (words := query["sql"].split())[0] in ("WITH", "UPDATE", "INSERT")
    )
    # Each is claimed, counted before its text, and marked as sent with an entry; the
    # last claim finds nothing.
    assert done == {("WITH", ""): 7, ("UPDATE", ""): 12, ("INSERT", "journal"): 6}
    read = [query for query in queries if "activation_activationcode" in query["sql"]]
    assert len(read) == 6
