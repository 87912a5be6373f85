"""A supervisor finds somebody, reads a dossier, and does something about it."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate

from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey
from counter.desk.dashboard import problems
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from counter.models.journal import subject_of
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from notifications.outbox import outbox
from payments.models import Receipt
from tests import cast
from tests.activation.holder.helpers import make_holder, make_key
from tests.test_admin import page, whole

__all__ = ["whole"]

FIND = "admin:counter_dossier_find"


def read(dossier: Dossier) -> str:
    return reverse("admin:counter_dossier_change", args=[dossier.pk])


def act(dossier: Dossier, name: str) -> str:
    return reverse("admin:counter_dossier_act", args=[dossier.pk, name])


def events(dossier: Dossier) -> list[str]:
    return list(dossier.journal.values_list("event", flat=True))


@pytest.fixture
def coded(dossier: Dossier, els: Clerk) -> Dossier:
    """A dossier with a code that nobody used yet."""
    cast.make_code(dossier, els)
    return dossier


@pytest.mark.parametrize("typed", ["janss", "peter@example.org", "reference"])
def test_somebody_is_found_by_post_and_opens(
    dossier: Dossier, sofie_client: Client, typed: str
) -> None:
    text = dossier.reference if typed == "reference" else typed
    answer = sofie_client.post(reverse(FIND), {"q": text})
    assert (answer.status_code, answer["Location"]) == (303, read(dossier))


def test_a_dossier_is_found_by_its_receipt(
    whole: Dossier, sofie_client: Client
) -> None:
    label = Receipt.objects.get().label
    answer = sofie_client.post(reverse(FIND), {"q": label})
    assert answer["Location"] == read(whole)


def test_a_name_in_the_address_finds_nobody(
    dossier: Dossier, sofie_client: Client
) -> None:
    text = sofie_client.get(reverse(FIND), {"q": "Janssens"}).content.decode()
    assert "Janssens" not in text


def test_several_are_listed_and_the_list_is_in_the_journal(
    dossier: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    cast.make_dossier(cast.make_applicant(cast.MARIE_NUMBER), els)
    answer = sofie_client.post(reverse(FIND), {"q": "janssens"})
    assert answer.status_code == 200
    assert answer.content.decode().count("field-") == 0
    assert len(answer.context["result"].dossiers) == 2
    assert JournalEntry.objects.filter(event=Event.PEOPLE_LISTED, clerk=sofie).exists()


def test_a_number_wants_a_reason_and_is_not_shown_again(
    dossier: Dossier, sofie_client: Client
) -> None:
    answer = sofie_client.post(reverse(FIND), {"q": cast.PETER_NUMBER})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say why you search by national number." in text
    assert cast.PETER_NUMBER not in text
    assert not JournalEntry.objects.filter(event__startswith="number_").exists()


def test_a_number_with_a_reason_opens_the_person_and_is_in_the_journal(
    dossier: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    answer = sofie_client.post(
        reverse(FIND), {"q": cast.PETER_NUMBER, "reason": "question"}
    )
    person = reverse("admin:counter_applicant_change", args=[dossier.applicant_id])
    assert answer["Location"] == person
    entry = JournalEntry.objects.get(event=Event.NUMBER_SEARCHED)
    assert (entry.clerk, entry.dossier) == (sofie, dossier)
    assert entry.sentence.endswith("question of the person.")


def test_a_dossier_of_another_office_is_not_found(
    gust: Clerk, sofie_client: Client
) -> None:
    cast.make_dossier(cast.make_applicant(), gust)
    answer = sofie_client.post(reverse(FIND), {"q": "janssens"})
    assert "Nobody was found." in answer.content.decode()


def test_a_person_has_all_visits_and_keys_on_one_page(
    whole: Dossier, els: Clerk, gust: Clerk, sofie_client: Client
) -> None:
    whole.applicant.dossiers.update(state=DossierState.LAPSED, lapsed_at=timezone.now())
    again = cast.make_dossier(whole.applicant, els)
    Dossier.objects.filter(pk=again.pk).update(
        state=DossierState.LAPSED, lapsed_at=timezone.now()
    )
    elsewhere = cast.make_dossier(whole.applicant, gust)
    text = page(sofie_client, "counter_applicant_change", whole.applicant_id)
    assert whole.reference in text
    assert again.reference in text
    assert elsewhere.reference not in text
    key = DigitalKey.objects.get()
    assert reverse("admin:activation_digitalkey_change", args=[key.pk]) in text
    subject = subject_of(whole.applicant)
    assert JournalEntry.objects.filter(subject=subject).exists()


def test_what_comes_next_is_said_with_its_day(
    coded: Dossier, sofie_client: Client
) -> None:
    text = page(sofie_client, "counter_dossier_change", coded.pk)
    assert "The code can be used until" in text
    for name in ("resend", "revoke-code"):
        assert act(coded, name) in text
    for name in ("activation_desk:correct_details", "activation_desk:reissue_code"):
        assert reverse(name, args=[coded.pk]) in text
    assert act(coded, "revoke-key") not in text


def test_a_key_that_works_counts_although_a_later_one_was_revoked(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    holder = make_holder(dossier, els)
    works, added = make_key(holder, KeyKind.SMS), make_key(holder, KeyKind.APP)
    at = timezone.now()
    DigitalKey.objects.filter(pk=added.pk).update(state=KeyState.REVOKED, revoked_at=at)
    assert works.valid_until
    text = page(sofie_client, "counter_dossier_change", dossier.pk)
    assert f"is valid until {date_format(localdate(works.valid_until))}" in text
    DigitalKey.objects.filter(pk=works.pk).update(valid_until=at)
    text = page(sofie_client, "counter_dossier_change", dossier.pk)
    assert "No key of this person works any more." in text


def test_the_mail_is_sent_again_with_a_reason(
    coded: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    address = act(coded, "resend")
    assert sofie_client.post(address, {}).status_code == 422
    assert Event.LINK_RESENT not in events(coded)
    answer = sofie_client.post(address, {"reason": "afar"}, follow=True)
    assert "The mail is sent again." in answer.content.decode()
    assert Delivery.objects.filter(dossier=coded).count() == 1
    looked_and_sent = [Event.DOSSIER_OPENED, Event.LINK_RESENT, Event.ACT_REASON]
    assert events(coded)[:3] == looked_and_sent
    entry = JournalEntry.objects.get(event=Event.ACT_REASON)
    assert entry.sentence == (
        f"{sofie} did so as supervisor: the person asked by phone or mail."
    )


def test_a_code_is_revoked_and_the_counter_can_go_on(
    coded: Dossier, sofie_client: Client
) -> None:
    sofie_client.post(act(coded, "revoke-code"), {"reason": "abuse"})
    assert ActivationCode.objects.get().state == CodeState.FROZEN
    assert {Event.CODE_REVOKED, Event.ACT_REASON} <= {*events(coded)}
    again = sofie_client.post(
        act(coded, "revoke-code"), {"reason": "abuse"}, follow=True
    )
    assert "moved on" in again.content.decode()
    text = page(sofie_client, "counter_dossier_change", coded.pk)
    assert reverse("activation_desk:reissue_code", args=[coded.pk]) in text


def test_of_a_revoked_code_no_page_says_that_its_person_did_not_ask_for_it(
    coded: Dossier, els: Clerk, els_client: Client, sofie_client: Client
) -> None:
    outbox.put(
        kind=Kind.REMINDER_WEEK,
        channel=Channel.MAIL,
        subject=coded.codes.get().pk,
        dossier=coded,
        at=timezone.now(),
    )
    sofie_client.post(act(coded, "revoke-code"), {"reason": "abuse"})
    (label,) = [str(problem.label) for problem in problems(els, at=timezone.now())]
    assert label == "code stopped"
    own = reverse("counter_dossiers:dossier", args=[coded.pk])
    reissue = reverse("activation_desk:reissue_code", args=[coded.pk])
    shown = els_client.get(own).content.decode()
    asks = els_client.get(reissue)
    assert "It was stopped" in shown
    assert "the code was stopped" in shown, "why the reminder was dropped"
    assert asks.context["form"]["reason"].value() == "code_stopped"
    for text in (shown, asks.content.decode()):
        assert "not to have asked" not in text
        assert "not theirs" not in text
        assert "asks for it" not in text


def test_a_key_is_revoked_while_nobody_is_there(
    whole: Dossier, sofie_client: Client
) -> None:
    key = DigitalKey.objects.get()
    address = act(whole, "revoke-key")
    for target in (str(uuid.uuid4()), "x", ""):
        sent = {"reason": "abuse", "target": target}
        assert sofie_client.post(address, sent).status_code == 422
    sofie_client.post(address, {"reason": "abuse", "target": str(key.pk)})
    key.refresh_from_db()
    assert key.state == KeyState.REVOKED
    assert {Event.KEY_REVOKED, Event.ACT_REASON} <= {*events(whole)}
    # No entry says that a document was looked at.
    assert Event.DOCUMENT_SEEN not in events(whole)


def test_nobody_acts_for_herself_or_for_family_unasked(
    coded: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    address = act(coded, "resend")
    for first_name, leads_to in (
        ("Sofie", reverse("counter_people:family", args=[coded.pk])),
        ("Peter", reverse("counter_dossiers:dossier", args=[coded.pk])),
    ):
        sofie.first_name, sofie.last_name = first_name, "Janssens"
        sofie.save()
        answer = sofie_client.post(address, {"reason": "abuse"})
        assert answer.status_code == 303
        assert answer["Location"].startswith(leads_to)
        text = page(sofie_client, "counter_dossier_change", coded.pk)
        assert address not in text
    assert Event.LINK_RESENT not in events(coded)


def test_an_act_that_no_app_brings_is_not_there(
    coded: Dossier, sofie_client: Client
) -> None:
    for name in ("nothing", "reissue", "correct-method"):
        assert sofie_client.get(act(coded, name)).status_code == 404


def test_dossiers_are_filtered_by_days_keys_and_mail(
    whole: Dossier, els: Clerk, sofie_client: Client
) -> None:
    # As the dossier is after somebody activated a key.
    whole.state, whole.activated_at = DossierState.ACTIVATED, timezone.now()
    whole.save(update_fields=["state", "activated_at"])
    address = reverse("admin:counter_dossier_changelist")
    today = timezone.localdate().isoformat()
    before = (timezone.localdate() - datetime.timedelta(days=1)).isoformat()
    for query, is_listed in (
        ({"recorded_at__from": today, "recorded_at__until": today}, True),
        ({"recorded_at__until": before}, False),
        ({"key": "app"}, True),
        ({"key": "sms"}, False),
        ({"mail": "refused"}, False),
        ({"recorded_by__id__exact": str(els.pk)}, True),
    ):
        rows = sofie_client.get(address, query).context["cl"].result_list
        assert [row.pk for row in rows] == ([whole.pk] if is_listed else []), query
