"""One dossier: state, next action, mail, timeline, and the number behind a reason."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from counter.enums import DossierState
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import DeliveryState
from notifications.models import Delivery
from payments.enums import Method
from payments.models import Tariff
from tests.cast import make_code
from tests.litany import assert_for_clerks_only, assert_hidden_from, signed_in


def url(dossier: Dossier, page: str = "dossier") -> str:
    room = "notifications_desk" if page == "mail_state" else "counter_dossiers"
    return reverse(f"{room}:{page}", args=[dossier.pk])


def delivery(dossier: Dossier, **fields: object) -> Delivery:
    now = timezone.now()
    return Delivery.objects.create(
        kind="activation_link",
        channel="mail",
        subject=dossier.pk,
        dossier=dossier,
        created_at=now,
        not_before=now,
        **fields,
    )


@pytest.mark.parametrize(
    ("page", "method"),
    [("dossier", "get"), ("mail_state", "get"), ("reveal_number", "post")],
)
def test_only_for_clerks_of_the_office(
    dossier: Dossier, gust: Clerk, sofie: Clerk, page: str, method: str
) -> None:
    assert_for_clerks_only(url(dossier, page), method=method)
    assert_hidden_from(gust, url(dossier, page), method=method)
    answer = getattr(signed_in(sofie), method)(url(dossier, page))
    assert answer.status_code in {200, 422}


def test_a_recorded_dossier_asks_for_the_payment(
    els_client: Client, dossier: Dossier
) -> None:
    page = els_client.get(url(dossier)).content.decode()
    assert reverse("activation_desk:pay_and_issue", args=[dossier.pk]) in page
    assert reverse("activation_desk:slip", args=[dossier.pk]) not in page


def test_numbers_are_shown_masked(els_client: Client, dossier: Dossier) -> None:
    page = els_client.get(url(dossier)).content.decode()
    assert "85.07.30-***.**" in page
    assert "85073003328" not in page
    assert "033.28" not in page
    assert "EN123456" not in page
    assert "3456" in page


def test_its_days_are_written_in_one_way(els_client: Client, dossier: Dossier) -> None:
    """With the name of the month, and never with slashes."""
    Dossier.objects.filter(pk=dossier.pk).update(
        recorded_at=datetime.datetime(2026, 11, 24, 17, 13, tzinfo=datetime.UTC)
    )
    page = els_client.get(url(dossier)).content.decode()
    assert "24 November 2026, 18.13" in page
    assert "24/11/2026" not in page


def test_the_slip_is_there_while_the_person_is(els: Clerk, dossier: Dossier) -> None:
    now = timezone.now()
    make_code(dossier, els, issued_at=now)
    client = signed_in(els)
    slip = reverse("activation_desk:slip", args=[dossier.pk])
    answer = client.get(url(dossier))
    assert f'src="{slip}' in answer.content.decode()
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    with time_machine.travel(now + datetime.timedelta(minutes=14, seconds=59)):
        assert slip in client.get(url(dossier)).content.decode()
    with time_machine.travel(now + datetime.timedelta(minutes=15)):
        assert slip not in signed_in(els).get(url(dossier)).content.decode()


def test_the_last_day_is_the_day_before_the_end(els: Clerk, dossier: Dossier) -> None:
    at = datetime.datetime(2026, 3, 20, 9, 0, tzinfo=datetime.UTC)
    make_code(dossier, els, issued_at=at)
    code = signed_in(els).get(url(dossier)).context["code"]
    assert code.last_day == datetime.date(2026, 4, 2)


def test_the_timeline_says_who_did_what(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    journal.write(Event.DOSSIER_RECORDED, dossier=dossier, clerk=els)
    journal.write(
        Event.MISMATCH_ACCEPTED, {"doubt": "birth_date"}, dossier=dossier, clerk=els
    )
    entries = els_client.get(url(dossier)).context["journal"]
    page = els_client.get(url(dossier)).content.decode()
    assert len(entries) == 2
    for entry in entries:
        assert "els" in entry.sentence
        assert entry.sentence in page


def test_who_looked_at_whom_is_in_the_journal(
    els_client: Client, bart_client: Client, dossier: Dossier, bart: Clerk
) -> None:
    opened = JournalEntry.objects.filter(event=Event.DOSSIER_OPENED, dossier=dossier)
    for _turn in range(3):
        els_client.get(url(dossier))
    assert opened.count() == 1
    bart_client.get(url(dossier))
    assert opened.filter(clerk=bart).count() == 1


def test_recording_it_counts_as_looking(
    els_client: Client, dossier: Dossier, els: Clerk
) -> None:
    journal.write(Event.DOSSIER_RECORDED, dossier=dossier, clerk=els)
    els_client.get(url(dossier))
    assert not JournalEntry.objects.filter(event=Event.DOSSIER_OPENED).exists()


def test_a_waiting_mail_is_asked_for_again(
    els_client: Client, dossier: Dossier
) -> None:
    delivery(dossier)
    part = els_client.get(url(dossier, "mail_state")).content.decode()
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part


def test_a_sent_mail_says_when_to_the_second(
    els_client: Client, dossier: Dossier
) -> None:
    at = datetime.datetime(2026, 11, 24, 13, 3, 22, tzinfo=datetime.UTC)
    delivery(dossier, state=DeliveryState.SENT, sent_at=at)
    part = els_client.get(url(dossier, "mail_state")).content.decode()
    assert "14:03:22" in part
    assert "hx-trigger" not in part


def test_a_refused_mail_shows_the_servers_answer(
    els_client: Client, dossier: Dossier
) -> None:
    delivery(
        dossier,
        state=DeliveryState.REFUSED,
        refused_at=timezone.now(),
        answer="550 5.1.1 <mailbox> unknown",
    )
    part = els_client.get(url(dossier, "mail_state")).content.decode()
    assert "550 5.1.1 &lt;mailbox&gt; unknown" in part
    assert "hx-trigger" not in part


def test_the_whole_number_takes_a_reason_that_is_noted(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    answer = els_client.post(url(dossier, "reveal_number"), {"reason": "question"})
    assert "85.07.30-033.28" in answer.content.decode()
    entry = JournalEntry.objects.get(event=Event.NUMBER_REVEALED)
    assert (entry.clerk, entry.dossier) == (els, dossier)
    assert entry.details == {"reason": "question"}


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_it_stays_hidden(
    els_client: Client, dossier: Dossier, reason: str
) -> None:
    answer = els_client.post(url(dossier, "reveal_number"), {"reason": reason})
    assert answer.status_code == 422
    assert "033.28" not in answer.content.decode()
    assert not JournalEntry.objects.filter(event=Event.NUMBER_REVEALED).exists()


@pytest.mark.parametrize("state", DossierState)
def test_every_state_has_a_page(
    els_client: Client, dossier: Dossier, state: DossierState
) -> None:
    now = timezone.now()
    Dossier.objects.filter(pk=dossier.pk).update(
        state=state,
        paid_at=now,
        code_issued_at=now,
        activated_at=now,
        cancelled_at=now,
        lapsed_at=now,
    )
    assert els_client.get(url(dossier)).status_code == 200


def test_before_payment_it_can_be_cancelled(
    els_client: Client, dossier: Dossier
) -> None:
    assert (
        url(dossier, "cancel_dossier") in els_client.get(url(dossier)).content.decode()
    )
    form = {"reason": "left"}
    answer = els_client.post(url(dossier, "cancel_dossier"), form, follow=True)
    assert "The dossier is cancelled." in answer.content.decode()
    assert "cancelled the dossier: the person left." in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED


@pytest.mark.parametrize("reason", ["", "because", "money_back"])
def test_without_a_reason_of_the_list_it_is_not_cancelled(
    els_client: Client, dossier: Dossier, reason: str
) -> None:
    answer = els_client.post(url(dossier, "cancel_dossier"), {"reason": reason})
    assert answer.status_code == 422
    dossier.refresh_from_db()
    assert dossier.state == DossierState.RECORDED


@pytest.mark.parametrize("method", ["get", "post"])
def test_after_payment_it_cannot(
    els_client: Client, els: Clerk, dossier: Dossier, method: str
) -> None:
    make_code(dossier, els)
    ask = getattr(els_client, method)
    answer = ask(url(dossier, "cancel_dossier"), {"reason": ""}, follow=True)
    assert "Look at it again." in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED


def test_the_timeline_comes_with_the_mails_state(
    els_client: Client, els: Clerk, dossier: Dossier
) -> None:
    make_code(dossier, els)
    els_client.get(url(dossier))
    part = els_client.get(url(dossier, "mail_state")).content.decode()
    assert 'hx-swap-oob="beforeend:#timeline"' in part
    assert "opened the dossier" in part


def test_what_was_read_is_not_sent_again(
    els_client: Client, els: Clerk, dossier: Dossier
) -> None:
    """Otherwise a screen reader would read all of it again, every two seconds."""
    mail = delivery(dossier)
    seen = {"seen": els_client.get(url(dossier)).context["seen"]}
    assert els_client.get(url(dossier, "mail_state"), seen).status_code == 204
    journal.write(Event.LINK_RESENT, dossier=dossier, clerk=els)
    part = els_client.get(url(dossier, "mail_state"), seen)
    assert "had the mail sent again" in part.content.decode()
    assert "opened the dossier" not in part.content.decode()
    seen = {"seen": part.context["seen"]}
    assert els_client.get(url(dossier, "mail_state"), seen).status_code == 204
    mail.state, mail.sent_at = DeliveryState.SENT, timezone.now()
    mail.save()
    part = els_client.get(url(dossier, "mail_state"), seen)
    assert part.status_code == 200
    assert "<li" not in part.content.decode()


@pytest.mark.parametrize("seen", ["x", "-", "\0", "9" * 40, "٣-", "1-1-1", "-5"])
def test_an_odd_question_for_the_mails_state_is_answered(
    els_client: Client, dossier: Dossier, seen: str
) -> None:
    answer = els_client.get(url(dossier, "mail_state"), {"seen": seen})
    assert answer.status_code == 200


def test_no_key_means_two_things(
    els_client: Client, els: Clerk, dossier: Dossier, tariff: Tariff
) -> None:
    for _ in range(2):
        page = els_client.get(url(dossier)).content.decode()
        keys = re.findall(r'data-hotkey="(.)"', page)
        assert len(keys) == len(set(keys)), keys
        if not dossier.codes.exists():
            pay_and_issue(
                dossier=dossier,
                clerk=els,
                method=Method.CARD,
                tendered=None,
                terminal_slip="A-17",
                submission=uuid.uuid4(),
                at=timezone.now(),
            )
    assert {"m", "e", "v", "p", "r"} <= set(keys)
