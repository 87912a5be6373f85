"""The free route: a visit that ends without a dossier, a charge or a name."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Outcome, RedirectReason
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Draft, JournalEntry, TurnedAway
from tests.counter.dossiers.record_form import typed
from tests.litany import assert_for_clerks_only, signed_in

URL = reverse("counter_desk:redirect_person")
RECORD = reverse("counter_dossiers:record_applicant")


def chosen(reason: str = RedirectReason.ITSME, **changes: str) -> dict[str, str]:
    return {"submission": str(uuid.uuid4()), "reason": reason} | changes


def turned_away_page(submission: str) -> str:
    return reverse("counter_desk:turned_away", args=[submission])


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL)
    assert_for_clerks_only(URL, method="post")
    assert_for_clerks_only(turned_away_page(str(uuid.uuid4())))


def test_the_new_visit_asks_first_and_answers_nothing_itself(
    els_client: Client,
) -> None:
    answer = els_client.get(RECORD)
    page = answer.content.decode()
    assert not answer.context["form"]["reason"].value()
    assert page.index('name="reason"') < page.index('name="document_type"')
    for reason in RedirectReason:
        assert f'value="{reason}"' in page


def test_another_reason_on_the_same_form_is_not_told_as_done(
    els_client: Client,
) -> None:
    form = chosen(RedirectReason.ITSME)
    for _turn in range(2):
        assert els_client.post(URL, form).status_code == 303
    assert (
        els_client.post(URL, form | {"reason": RedirectReason.EID}).status_code == 422
    )
    assert TurnedAway.objects.get().reason == RedirectReason.ITSME


def test_a_visit_without_the_question_answered_is_not_recorded(
    els_client: Client,
) -> None:
    answer = els_client.post(RECORD, {"submission": str(uuid.uuid4())})
    assert "reason" in answer.context["form"].errors


@pytest.mark.parametrize("reason", RedirectReason)
def test_the_visit_is_closed_uncharged_counted_and_noted(
    els_client: Client, els: Clerk, reason: str
) -> None:
    form = chosen(reason)
    answer = els_client.post(URL, form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == turned_away_page(form["submission"])
    visit = TurnedAway.objects.get()
    assert (visit.outcome, visit.reason) == (Outcome.REDIRECTED, reason)
    assert (visit.office, visit.clerk) == (els.office, els)
    entry = JournalEntry.objects.get(event=Event.PERSON_REDIRECTED)
    assert entry.details == {"reason": reason}
    assert (entry.clerk, entry.office) == (els, els.office)
    assert not Applicant.objects.exists()
    page = els_client.get(answer.headers["Location"]).content.decode()
    assert "free of charge" in page


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (RedirectReason.EID, "card reader"),
        (RedirectReason.ITSME, "Choose itsme"),
        (RedirectReason.EU_EID, "eIDAS"),
    ],
)
def test_the_screen_says_what_to_tell(
    els_client: Client, reason: str, sentence: str
) -> None:
    answer = els_client.post(URL, chosen(reason), follow=True)
    assert sentence in answer.content.decode()


def test_pressed_twice_it_is_counted_once(els_client: Client) -> None:
    form = chosen()
    assert els_client.post(URL, form).status_code == 303
    assert els_client.post(URL, form).headers["Location"] == turned_away_page(
        form["submission"]
    )
    assert TurnedAway.objects.count() == 1
    assert JournalEntry.objects.filter(event=Event.PERSON_REDIRECTED).count() == 1


def test_what_was_typed_of_the_visit_is_dropped(
    els_client: Client, els: Clerk, bart: Clerk
) -> None:
    form = chosen()
    for clerk in (els, bart):
        draft = Draft(
            clerk=clerk, submission=form["submission"], saved_at=timezone.now()
        )
        draft.content = "{}"
        draft.save()
    els_client.post(URL, form)
    assert [draft.clerk for draft in Draft.objects.all()] == [bart]


@pytest.mark.parametrize(
    "changes", [{"reason": ""}, {"reason": "x\0"}, {"submission": "x"}]
)
def test_without_a_reason_nothing_is_closed(
    els_client: Client, changes: dict[str, str]
) -> None:
    answer = els_client.post(URL, chosen() | changes)
    assert answer.status_code == 422
    assert not TurnedAway.objects.exists()


def test_a_visit_that_was_recorded_is_not_closed_as_free_of_charge(
    els_client: Client,
) -> None:
    """The same form stood in two tabs, or the clerk went back to it."""
    begun = typed()
    els_client.post(RECORD, begun)
    answer = els_client.post(URL, chosen(submission=str(begun["submission"])))
    assert answer.status_code == 422
    assert str(answer.context["refusal"])
    assert not TurnedAway.objects.exists()


def test_a_colleagues_form_is_not_answered_with_theirs(
    els_client: Client, bart_client: Client
) -> None:
    form = chosen()
    els_client.post(URL, form)
    answer = bart_client.post(URL, form)
    assert answer.status_code == 422
    assert str(answer.context["refusal"])


def test_another_office_sees_nothing_of_it(els_client: Client, gust: Clerk) -> None:
    form = chosen()
    els_client.post(URL, form)
    assert signed_in(gust).get(turned_away_page(form["submission"])).status_code == 404


def test_somebody_without_an_office_is_told_so(db: None) -> None:
    nobody = Clerk.objects.create_superuser("root", password="x" * 12)
    answer = signed_in(nobody).post(URL, chosen())
    assert answer.status_code == 422
    assert str(answer.context["refusal"])
