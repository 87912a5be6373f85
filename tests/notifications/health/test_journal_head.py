"""The journal's head is mailed away: whoever keeps it can see what was cut off."""

import datetime
from threading import Thread

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from counter.crypto import rings
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, JournalSeal
from notifications.enums import DeliveryState
from notifications.health.journal_heads import put_head
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from notifications.tasks import mail_journal_head
from tests.database import superuser
from tests.journal_checks import misfits
from tests.litany import signed_in
from tests.mail_server import MailServer
from tests.states import put


@pytest.fixture
def sealed(dossier: Dossier) -> JournalSeal:
    journal.write(Event.CODE_ISSUED, dossier=dossier)
    seal = journal.seal()
    assert seal is not None
    return seal


def test_the_officer_gets_it_once_a_day(
    sealed: JournalSeal, mail_server: MailServer
) -> None:
    with capture_logs() as logged:
        mail_journal_head()
        mail_journal_head()
    assert [line["head"] for line in logged if "head" in line] == [sealed.head]
    deliver_due()
    (mail,) = mail_server.messages
    assert mail["To"] == settings.DATA_PROTECTION_EMAIL
    text = mail.get_body(("plain",))
    assert text is not None
    assert f"verify_journal --head {sealed.head}" in text.get_content()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        mail_journal_head()
        deliver_due()
    assert len(mail_server.messages) == 2


def test_an_empty_journal_has_no_head(db: None) -> None:
    assert not put_head(at=timezone.now())
    assert not Delivery.objects.exists()


def test_the_marks_under_a_seal_are_read_by_who_compares_them_alone(
    sealed: JournalSeal, mail_server: MailServer, sofie: Clerk
) -> None:
    """A seal has a mark for each entry: for a busy minute they are large."""
    supervisor = signed_in(sofie)
    with CaptureQueriesContext(connection) as asked:
        put_head(at=timezone.now())
        deliver_due()
        rings.missing_keys()
        Client(headers={"Authorization": f"Bearer {settings.READYZ_TOKEN}"}).get(
            "/readyz"
        )
        unknown = {"state": DeliveryState.UNKNOWN, "unknown_at": timezone.now()}
        put(Delivery.objects.all(), sent_at=None, **unknown)
        supervisor.get(reverse("notifications_desk:mails_of_no_visit"))
    assert len(mail_server.messages) == 1
    seals = [one["sql"] for one in asked if "counter_journalseal" in one["sql"]]
    assert len(seals) >= 5
    assert not [one for one in seals if '"marks"' in one]


@pytest.mark.django_db(transaction=True)
def test_two_schedules_at_once_mail_it_once(sealed: JournalSeal) -> None:
    def tell() -> None:
        try:
            put_head(at=timezone.now())
        finally:
            connection.close()

    threads = [Thread(target=tell) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Delivery.objects.filter(seal=sealed).count() == 1


@pytest.mark.django_db(transaction=True)
def test_entries_cut_off_with_their_seals_show_against_the_head(
    sealed: JournalSeal, dossier: Dossier
) -> None:
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    later = journal.seal()
    assert later is not None
    call_command("verify_journal", head=[sealed.head, later.head])
    with superuser() as server:
        server.execute("DELETE FROM counter_journalseal WHERE id = %s", [later.pk])
        server.execute(
            "DELETE FROM counter_journalentry WHERE id > %s", [sealed.last_id]
        )
    assert misfits() == []  # the chain alone does not show it
    call_command("verify_journal", head=[sealed.head])
    with pytest.raises(CommandError, match="1 heads"):
        call_command("verify_journal", head=[sealed.head, later.head])


@pytest.mark.django_db(transaction=True)
def test_a_journal_written_anew_shows_against_the_head(
    sealed: JournalSeal, dossier: Dossier
) -> None:
    """Even if somebody has the key of the seals, and new seals are made."""
    with superuser() as server:
        server.execute("DELETE FROM counter_journalseal")
        server.execute("DELETE FROM counter_journalentry")
    journal.write(Event.SLIP_PRINTED, dossier=dossier)
    journal.seal()
    assert JournalEntry.objects.count() == 1
    assert misfits() == []
    with pytest.raises(CommandError, match="1 heads"):
        call_command("verify_journal", head=[sealed.head])


@pytest.mark.parametrize("text", ["", "12", "x-00", "12-zz", f"12-{'0' * 62}", "-1-00"])
def test_what_is_no_head_is_said(db: None, text: str) -> None:
    with pytest.raises(CommandError, match="no head"):
        call_command("verify_journal", head=[text])
