"""Messages are marked as handled for a reason, after a page that names them."""

from typing import Any

import pytest
from django.test import Client

from counter.enquiries.reasons import HandledReason
from counter.journal.events import Event
from counter.models import Clerk, Enquiry, JournalEntry, Office
from tests.counter.enquiries.test_handling import LIST, asked, marking, page, pieter

__all__ = ["pieter"]

CHANGED = "This has changed since you opened the page"


@pytest.fixture
def both(office: Office) -> list[Enquiry]:
    return [asked(office), asked(office, name="Jan")]


def chosen(enquiries: list[Enquiry]) -> dict[str, Any]:
    ids = [str(one.pk) for one in enquiries]
    return {"action": "mark_as_handled", "_selected_action": ids}


def mark(client: Client, enquiries: list[Enquiry], **more: str) -> Any:  # noqa: ANN401
    """Choose messages in the list, and send the form of the page that asks why."""
    asks = client.post(LIST, chosen(enquiries))
    if asks.status_code != 200:
        return asks
    sent = {"as_shown": asks.context["shown_stamp"], "reason": "twice"} | more
    return client.post(LIST, chosen(enquiries) | sent, follow=True)


def handled() -> int:
    return Enquiry.objects.filter(handled_at__isnull=False).count()


def test_the_list_alone_marks_nothing(
    both: list[Enquiry], sofie_client: Client
) -> None:
    asks = sofie_client.post(LIST, chosen(both))
    assert asks.status_code == 200
    for one in both:
        assert page("change", one) in asks.text
    assert handled() == 0


def test_without_a_reason_it_asks_again(
    both: list[Enquiry], sofie_client: Client
) -> None:
    answer = mark(sofie_client, both, reason="")
    assert answer.status_code == 422
    assert handled() == 0
    assert mark(sofie_client, both, reason="invented").status_code == 422
    assert handled() == 0


def test_each_is_in_the_journal_with_the_reason(
    both: list[Enquiry], sofie: Clerk, sofie_client: Client
) -> None:
    mark(sofie_client, both)
    assert handled() == 2
    noted = JournalEntry.objects.filter(event=Event.ENQUIRY_HANDLED, clerk=sofie)
    assert {entry.subject for entry in noted} == {
        f"counter.enquiry:{one.pk}" for one in both
    }
    for entry in noted:
        assert entry.details["reason"] == HandledReason.TWICE.value


def test_what_a_colleague_handled_meanwhile_is_looked_at_again(
    both: list[Enquiry], pieter: Clerk, sofie_client: Client
) -> None:
    asks = sofie_client.post(LIST, chosen(both))
    Enquiry.objects.filter(pk=both[0].pk).update(
        handled_at=both[0].received_at, handled_by=pieter
    )
    sent = {"as_shown": asks.context["shown_stamp"], "reason": "twice"}
    answer = sofie_client.post(LIST, chosen(both) | sent, follow=True)
    assert CHANGED in answer.text
    assert handled() == 1
    assert mark(sofie_client, both[:1]).status_code == 302


def test_each_of_those_marked_together_is_in_the_journal_once(
    both: list[Enquiry], sofie: Clerk, sofie_client: Client
) -> None:
    for _ in range(2):
        sofie_client.post(LIST, marking(*both[::-1]))  # the newest stands first
    noted = JournalEntry.objects.filter(event=Event.ENQUIRY_HANDLED, clerk=sofie)
    assert sorted(entry.subject for entry in noted) == sorted(
        f"counter.enquiry:{row.pk}" for row in both
    )
