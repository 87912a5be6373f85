"""In the admin, messages of the public are taken, given to a colleague and answered."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.desk import as_shown
from counter.desk.dashboard import problems
from counter.enquiries import handling
from counter.enquiries.answer_time import ANSWER_WITHIN
from counter.enums import EnquiryKind, EnquiryState, Role
from counter.journal.events import Event
from counter.models import Clerk, Enquiry, JournalEntry, Office
from counter.offices import midnight
from notifications.channels.outgoing import Mail
from notifications.enums import DeliveryState, Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests import cast

LIST = reverse("admin:counter_enquiry_changelist")


def asked(office: Office, **values: object) -> Enquiry:
    fields = {
        "submission": uuid.uuid4(),
        "office": office,
        "kind": EnquiryKind.QUESTION,
        "language": "fr",
        "name": "Marie Dubois",
        "email": "marie@example.org",
        "text": "Le guichet est-il ouvert samedi ?",
        "received_at": timezone.now(),
    }
    return Enquiry.objects.create(**fields | values)


@pytest.fixture
def enquiry(office: Office) -> Enquiry:
    return asked(office)


@pytest.fixture
def pieter(office: Office) -> Clerk:
    """A second supervisor of the office."""
    return cast.make_clerk("pieter", office, desk="", role=Role.SUPERVISOR)


def marking(*enquiries: Enquiry, reason: str = "twice") -> dict[str, object]:
    """The form of the page that asks why these messages need no answer."""
    ids = [enquiry.pk for enquiry in enquiries]
    return {
        "action": "mark_as_handled",
        "_selected_action": ids,
        "as_shown": as_shown.stamp(ids),
        "reason": reason,
    }


def page(name: str, enquiry: Enquiry) -> str:
    return reverse(f"admin:counter_enquiry_{name}", args=[enquiry.pk])


def test_an_answer_leaves_by_mail_in_one_language_with_the_question_under_it(
    enquiry: Enquiry, sofie: Clerk, sofie_client: Client
) -> None:
    text = "Oui, de 9 h à 12 h.\n\nÀ bientôt"
    sent = sofie_client.post(page("answer", enquiry), {"text": text}, follow=True)
    assert "Your answer is on its way." in sent.text
    enquiry.refresh_from_db()
    assert enquiry.state(timezone.now()) is EnquiryState.ANSWERED
    assert (enquiry.handled_by, enquiry.owner) == (sofie, sofie)
    delivery = Delivery.objects.get(kind=Kind.ENQUIRY_ANSWER)
    assert delivery.state == DeliveryState.WAITING
    mail = render(delivery, at=timezone.now())
    assert isinstance(mail, Mail)
    assert mail.to == "marie@example.org"
    assert mail.reply_to == enquiry.office.email
    words = mail.message.text
    assert words.index("Bonjour Marie Dubois") < words.index("Oui, de 9 h à 12 h.")
    assert words.index("À bientôt") < words.index("Le guichet est-il ouvert samedi ?")
    assert "Beste" not in words


def test_a_line_break_in_an_answer_counts_as_one(
    enquiry: Enquiry, sofie_client: Client
) -> None:
    lines = ["x" * 99] * 40
    answer = {"text": "\r\n".join(lines) + "."}
    sofie_client.post(page("answer", enquiry), answer)
    enquiry.refresh_from_db()
    assert enquiry.answer == "\n".join(lines) + "."


def test_what_was_typed_as_html_stays_text(enquiry: Enquiry, sofie: Clerk) -> None:
    handling.answer(enquiry=enquiry, text="<b>Nee</b>", by=sofie, at=timezone.now())
    mail = render(Delivery.objects.get(kind=Kind.ENQUIRY_ANSWER), at=timezone.now())
    assert isinstance(mail, Mail)
    assert "&lt;b&gt;Nee" in mail.message.html
    assert "<b>Nee" not in mail.message.html


def test_the_second_of_two_who_answer_is_told_and_keeps_the_words(
    enquiry: Enquiry, pieter: Clerk, sofie_client: Client
) -> None:
    handling.answer(enquiry=enquiry, text="Oui.", by=pieter, at=timezone.now())
    answer = sofie_client.post(page("answer", enquiry), {"text": "Non, désolée."})
    assert answer.status_code == 422
    assert "pieter handled this message already." in answer.text
    assert "Non, désolée." in answer.text
    assert Delivery.objects.filter(kind=Kind.ENQUIRY_ANSWER).count() == 1


def test_a_message_without_an_address_is_not_answered(
    office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    anonymous = asked(office, email="")
    answer = sofie_client.post(page("answer", anonymous), {"text": "Ja."})
    assert answer.status_code == 422
    assert "The sender left no e-mail address to answer to." in answer.text
    shown = sofie_client.get(page("change", anonymous)).text
    assert page("answer", anonymous) not in shown
    with pytest.raises(IntegrityError):
        Enquiry.objects.filter(pk=anonymous.pk).update(
            answer="Ja.", handled_at=timezone.now(), handled_by=sofie
        )


def test_somebody_takes_it_and_gives_it_to_a_colleague(
    enquiry: Enquiry, sofie: Clerk, pieter: Clerk, sofie_client: Client
) -> None:
    sofie_client.post(page("give", enquiry), {"owner": sofie.pk})
    enquiry.refresh_from_db()
    assert enquiry.owner == sofie
    assert enquiry.state(timezone.now()) is EnquiryState.TAKEN
    sofie_client.post(page("give", enquiry), {"owner": pieter.pk})
    enquiry.refresh_from_db()
    assert enquiry.owner == pieter
    entries = JournalEntry.objects.filter(event=Event.ENQUIRY_GIVEN).order_by("pk")
    assert [entry.details["who"] for entry in entries] == ["sofie", "pieter"]


def test_it_is_given_to_supervisors_of_its_office_only(
    enquiry: Enquiry, els: Clerk, other_office: Office, sofie_client: Client
) -> None:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    for clerk in (els, lies):
        answer = sofie_client.post(page("give", enquiry), {"owner": clerk.pk})
        assert answer.status_code == 422
    enquiry.refresh_from_db()
    assert enquiry.owner is None


def test_a_late_one_stands_on_the_desk_of_a_supervisor_until_it_is_handled(
    enquiry: Enquiry,
    els: Clerk,
    sofie: Clerk,
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    def lines(clerk: Clerk) -> list[str]:
        on_desk = problems(clerk, at=timezone.now())
        return [line.name for line in on_desk if line.url == page("change", enquiry)]

    assert lines(sofie) == []
    time_machine.move_to(timezone.now() + ANSWER_WITHIN + timedelta(days=1))
    assert lines(sofie) == [str(enquiry)]
    assert lines(els) == []
    handling.answer(enquiry=enquiry, text="Oui.", by=sofie, at=timezone.now())
    assert lines(sofie) == []


@pytest.mark.parametrize(
    "received",
    [
        "2026-07-01T09:00:00+02:00",
        # The clock goes back before the last day.
        "2026-10-20T00:30:00+02:00",
    ],
)
def test_a_message_is_late_when_the_day_to_answer_it_is_over(
    office: Office, received: str
) -> None:
    message = asked(office, received_at=datetime.fromisoformat(received))
    last = message.answer_until
    assert last == message.received_at.date() + timedelta(days=10)
    over = midnight.of(last + timedelta(days=1))
    for at, state in (
        (over - timedelta(seconds=1), EnquiryState.NEW),
        (over, EnquiryState.LATE),
    ):
        assert message.state(at) is state
        assert message in Enquiry.objects.in_state(state, at=at)
        is_late = state is EnquiryState.LATE
        assert Enquiry.objects.overdue(at).exists() is is_late


def test_the_filter_says_the_same_of_a_message_as_the_message_itself(
    office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    now = timezone.now()
    long_ago = now - ANSWER_WITHIN - timedelta(days=1)
    done = {"handled_at": now, "handled_by": sofie}
    rows = [
        asked(office),
        asked(office, owner=sofie),
        asked(office, owner=sofie, received_at=long_ago),
        asked(office, received_at=long_ago),
        asked(office, answer="Oui.", **done),
        asked(office, **done),
    ]
    for state in EnquiryState:
        listed = sofie_client.get(LIST, {"state": state.value}).context["cl"]
        expected = {row.pk for row in rows if row.state(now) is state}
        assert {row.pk for row in listed.result_list} == expected, state
        assert expected
    open_ones = sofie_client.get(LIST, {"state": "open"}).context["cl"]
    assert open_ones.result_count == 4
