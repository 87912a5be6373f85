"""A refusal: a reason, and nothing about the person."""

import datetime
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Outcome, RefusalReason
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, Draft, JournalEntry, TurnedAway
from tests.cast import PASSWORD
from tests.counter.dossiers.record_form import typed
from tests.litany import assert_for_clerks_only, signed_in

URL = reverse("counter_desk:refuse_person")


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL)
    assert_for_clerks_only(URL, method="post")


@pytest.mark.parametrize(
    "page", ["counter_desk:desk", "counter_dossiers:record_applicant"]
)
def test_a_key_of_the_desk_and_of_the_new_visit_leads_there(
    els_client: Client, page: str
) -> None:
    assert URL in els_client.get(reverse(page)).content.decode()


@pytest.mark.parametrize("reason", RefusalReason)
def test_the_reason_is_counted_and_noted_and_nothing_else(
    els_client: Client, els: Clerk, reason: str
) -> None:
    form = {"submission": str(uuid.uuid4()), "reason": reason}
    answer = els_client.post(URL, form)
    assert answer.headers["Location"] == reverse(
        "counter_desk:turned_away", args=[form["submission"]]
    )
    visit = TurnedAway.objects.get()
    assert (visit.outcome, visit.reason) == (Outcome.REFUSED, reason)
    entry = JournalEntry.objects.get(event=Event.PERSON_REFUSED)
    assert entry.details == {"reason": reason}
    assert not Applicant.objects.exists()
    page = els_client.get(answer.headers["Location"]).content.decode()
    assert RefusalReason(reason).label.lower() in page


def test_the_draft_of_the_visit_goes_with_it(els_client: Client, els: Clerk) -> None:
    draft = Draft(clerk=els, submission=uuid.uuid4(), saved_at=timezone.now())
    draft.content = "{}"
    draft.save()
    page = els_client.get(URL, {"draft": str(draft.submission)})
    assert str(draft.submission) in page.content.decode()
    assert page.context["back"] == reverse(
        "counter_dossiers:resume_draft", args=[draft.pk]
    )
    form = {
        "submission": page.context["form"]["submission"].value(),
        "reason": RefusalReason.EXPIRED,
    }
    els_client.post(URL, form)
    assert not Draft.objects.exists()


def test_a_visit_that_was_recorded_meanwhile_is_not_refused(
    els_client: Client,
) -> None:
    """The same form stood in two tabs."""
    begun = typed()
    page = els_client.get(URL, {"draft": str(begun["submission"])})
    submission = page.context["form"]["submission"].value()
    els_client.post(reverse("counter_dossiers:record_applicant"), begun)
    form = {"submission": submission, "reason": RefusalReason.EXPIRED}
    answer = els_client.post(URL, form)
    assert answer.status_code == 422
    assert str(answer.context["refusal"])
    assert not TurnedAway.objects.exists()
    assert not JournalEntry.objects.filter(event=Event.PERSON_REFUSED).exists()
    assert Dossier.objects.get().submission == uuid.UUID(str(begun["submission"]))


def test_a_visit_that_was_refused_meanwhile_is_recorded_when_asked_twice(
    els_client: Client,
) -> None:
    """The same form stood in two tabs, or the clerk went back to it."""
    begun = typed()
    form = {"submission": begun["submission"], "reason": RefusalReason.EXPIRED}
    els_client.post(URL, form)
    answer = els_client.post(reverse("counter_dossiers:record_applicant"), begun)
    assert answer.status_code == 422
    assert str(answer.context["refusal"])
    assert not Dossier.objects.exists()
    again = begun | {"submission": answer.context["form"]["submission"].value()}
    els_client.post(reverse("counter_dossiers:record_applicant"), again)
    assert Dossier.objects.get().submission != TurnedAway.objects.get().submission


def test_what_a_tab_keeps_of_a_refused_visit_afterwards_is_dropped(
    els_client: Client,
) -> None:
    begun = typed()
    form = {"submission": begun["submission"], "reason": RefusalReason.EXPIRED}
    assert els_client.post(URL, form).status_code == 303
    els_client.post(reverse("counter_dossiers:save_draft"), begun)
    assert not Draft.objects.exists()


def test_nothing_that_is_no_form_is_carried_along(els_client: Client) -> None:
    page = els_client.get(URL, {"draft": "<85.07.30-033.28>"}).content.decode()
    assert "85.07.30" not in page


def test_without_a_reason_nothing_is_closed(els_client: Client) -> None:
    answer = els_client.post(URL, {"submission": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert not TurnedAway.objects.exists()


def test_back_without_a_draft_is_the_desk(els_client: Client) -> None:
    assert els_client.get(URL).context["back"] == reverse("counter_desk:desk")


def test_after_a_pause_the_password_is_asked(els: Clerk) -> None:
    client = signed_in(els)
    client.get(reverse("counter_desk:desk"))
    form = {"submission": str(uuid.uuid4()), "reason": RefusalReason.EXPIRED}
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        assert "current-password" in client.get(URL).content.decode()
        assert client.post(URL, form).status_code == 422
        assert not TurnedAway.objects.exists()
        assert client.post(URL, form | {"password": PASSWORD}).status_code == 303
