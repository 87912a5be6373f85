"""Colleagues add and remove their own passkeys."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.enums import AccountAct
from counter.journal.events import Event
from counter.models import (
    AccountChange,
    Clerk,
    JournalEntry,
    Passkey,
    PasskeyChallenge,
    SecondFactor,
)
from notifications.outbox.delivering import deliver_due
from tests.cast import PASSWORD
from tests.counter.app import CODE, after_the_password, digits, set_up, wrong
from tests.counter.passkeys.authenticator import Device
from tests.counter.passkeys.steps import (
    ADD,
    OVERVIEW,
    PROVE,
    SITE,
    URL,
    prove,
    proved,
    question,
    send_new,
)
from tests.litany import assert_for_clerks_only, signed_in
from tests.mail_server import MailServer
from tests.notifications.conftest import mail_server

__all__ = ["mail_server"]


def page_to_remove(passkey: Passkey) -> str:
    return reverse("counter_passkeys:remove", args=[passkey.pk])


def test_a_passkey_is_added_and_stands_on_the_page(els_with_app: Clerk) -> None:
    client, device = proved(els_with_app), Device(SITE, URL)
    asked = question(client, "question_to_add")
    assert asked["rp"] == {"id": SITE, "name": "Sleutelloket"}
    assert asked["user"]["name"] == "els"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    answer = send_new(client, device.make(asked), name="Ring")
    assert answer.headers["Location"] == OVERVIEW
    shown = client.get(OVERVIEW).content.decode()
    assert "Ring" in shown
    assert "not yet" in shown
    entry = JournalEntry.objects.get(event=Event.PASSKEY_ADDED)
    assert (entry.clerk, entry.details) == (els_with_app, {"passkey": "Ring"})


def test_the_owner_is_told_of_each_change(
    els_with_app: Clerk, mail_server: MailServer
) -> None:
    Clerk.objects.update(email="els@stadskantoor.example")
    els_with_app.refresh_from_db()
    client = proved(els_with_app)
    send_new(client, Device(SITE, URL).make(question(client, "question_to_add")))
    removing = page_to_remove(Passkey.objects.get())
    assert client.post(removing).headers["Location"].startswith(PROVE)
    prove(client, els_with_app)
    assert client.post(removing).headers["Location"] == OVERVIEW
    deliver_due()
    assert mail_server.recipients == ["els@stadskantoor.example"] * 2
    acts = AccountChange.objects.values_list("act", flat=True)
    assert set(acts) == {AccountAct.PASSKEY_ADDED, AccountAct.PASSKEY_REMOVED}


def test_password_and_digits_are_asked_first(els_with_app: Clerk) -> None:
    client = signed_in(els_with_app)
    back = f"{PROVE}?next={ADD.replace('/', '%2F')}"
    assert client.get(ADD).headers["Location"] == back
    assert send_new(client, "{}").headers["Location"] == back
    asked = client.post(reverse("counter_passkeys:question_to_add"))
    assert asked.status_code == 303
    assert not PasskeyChallenge.objects.exists()
    refused = prove(client, els_with_app, password="wrong")
    assert b"That is not your password" in refused.content
    refused = prove(client, els_with_app, digits=wrong(els_with_app))
    assert b"not the current digits" in refused.content
    assert client.get(ADD).status_code == 303
    assert prove(client, els_with_app).headers["Location"] == ADD
    assert client.get(ADD).status_code == 200


def test_after_five_minutes_they_are_asked_again(els_with_app: Clerk) -> None:
    client = proved(els_with_app)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=2)):
        assert client.get(ADD).status_code == 303


def test_who_unlocks_the_screen_proves_themselves_anew(els_with_app: Clerk) -> None:
    """The proof before the lock may be of somebody else, who left the page open."""
    client = proved(els_with_app)
    client.post(reverse("counter_sign_in:lock"))
    client.post(reverse("counter_sign_in:unlock"), {"password": PASSWORD})
    assert client.get(OVERVIEW).status_code == 200
    assert client.get(ADD).headers["Location"].startswith(PROVE)


def test_a_wrong_password_uses_up_no_digits(els_with_app: Clerk) -> None:
    client = signed_in(els_with_app)
    prove(client, els_with_app, password="wrong")
    typed = {"password": PASSWORD, "digits": digits(els_with_app)}
    assert client.post(PROVE, typed).status_code == 303
    assert client.post(PROVE, typed).status_code == 422


def test_who_guesses_there_waits(els_with_app: Clerk) -> None:
    client = signed_in(els_with_app)
    for _ in range(10):
        refused = prove(client, els_with_app, digits=wrong(els_with_app))
        assert refused.status_code == 422
    assert prove(client, els_with_app).status_code == 429


def test_proof_leads_to_no_other_site(els_with_app: Clerk) -> None:
    client = signed_in(els_with_app)
    answer = prove(client, els_with_app, next="https://evil.example/")
    assert answer.headers["Location"] == OVERVIEW


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example"}, {"site": "x.y"}, {"is_verified": False}],
    ids=["origin", "site", "not verified"],
)
def test_one_made_elsewhere_is_refused(
    els_with_app: Clerk, wrong: dict[str, object]
) -> None:
    device, client = Device(SITE, URL), proved(els_with_app)
    for name, value in wrong.items():
        setattr(device, name, value)
    refused = send_new(client, device.make(question(client, "question_to_add")))
    assert refused.status_code == 422
    assert b"was not taken" in refused.content
    assert not Passkey.objects.exists()


def test_the_answer_counts_once_and_for_five_minutes(els_with_app: Clerk) -> None:
    client = proved(els_with_app)
    answer = Device(SITE, URL).make(question(client, "question_to_add"))
    assert send_new(client, answer).headers["Location"] == OVERVIEW
    prove(client, els_with_app)
    assert b"longer than five minutes" in send_new(client, answer).content
    late = Device(SITE, URL).make(question(client, "question_to_add"))
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        prove(client, els_with_app)
        assert b"longer than five minutes" in send_new(client, late).content
    assert Passkey.objects.count() == 1


def test_a_question_to_sign_in_is_none_to_add(
    els_with_app: Clerk, device: Device
) -> None:
    client = after_the_password(els_with_app)
    new = Device(SITE, URL).make(question(client, "question"))
    SecondFactor.objects.update(last_step=1)
    assert client.post(CODE, {"digits": digits(els_with_app)}).status_code == 303
    prove(client, els_with_app)
    assert PasskeyChallenge.objects.exists()
    assert b"longer than five minutes" in send_new(client, new).content
    assert Passkey.objects.count() == 1


def test_an_answer_to_sign_in_adds_none(els_with_app: Clerk, device: Device) -> None:
    client = proved(els_with_app)
    answer = device.sign(question(client, "question_to_add"))
    assert send_new(client, answer).status_code == 422
    assert Passkey.objects.count() == 1


def test_the_same_passkey_is_added_once(els_with_app: Clerk, device: Device) -> None:
    client = proved(els_with_app)
    asked = question(client, "question_to_add")
    assert len(asked["excludeCredentials"]) == 1
    again = send_new(client, device.make(asked))
    assert b"added before" in again.content
    assert Passkey.objects.count() == 1


def test_there_are_ten_at_most(els_with_app: Clerk) -> None:
    client = proved(els_with_app)
    for status in [303] * 10 + [422]:
        prove(client, els_with_app)
        new = Device(SITE, URL).make(question(client, "question_to_add"))
        assert send_new(client, new).status_code == status
    assert Passkey.objects.count() == 10


def test_after_a_reset_none_is_added(els_with_app: Clerk) -> None:
    client = proved(els_with_app)
    new = Device(SITE, URL).make(question(client, "question_to_add"))
    SecondFactor.objects.all().delete()
    assert b"was reset meanwhile" in send_new(client, new).content
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("name", ["attestationObject", "clientDataJSON"])
@pytest.mark.parametrize("value", ["", "A", "oWNmbXRkbm9uZQ", "e30", None])
def test_nonsense_is_refused_without_a_fault(
    els_with_app: Clerk, name: str, value: object
) -> None:
    client = proved(els_with_app)
    made = Device(SITE, URL).make(question(client, "question_to_add"))
    answer = json.loads(made)
    answer["response"][name] = value
    assert send_new(client, json.dumps(answer)).status_code == 422


def test_els_removes_it_after_being_asked(els_with_app: Clerk, device: Device) -> None:
    passkey, client = Passkey.objects.get(), proved(els_with_app)
    assert client.get(page_to_remove(passkey)).status_code == 200
    assert Passkey.objects.exists()
    assert client.post(page_to_remove(passkey)).headers["Location"] == OVERVIEW
    assert not Passkey.objects.exists()
    entry = JournalEntry.objects.get(event=Event.PASSKEY_REMOVED)
    assert (entry.clerk, entry.details) == (els_with_app, {"passkey": "Phone"})
    unproved = signed_in(els_with_app)
    assert PROVE in unproved.post(page_to_remove(passkey)).headers["Location"]


def test_nobody_sees_or_removes_anothers(device: Device, sofie: Clerk) -> None:
    set_up(sofie)
    client, passkey = proved(sofie), Passkey.objects.get()
    assert b"Phone" not in client.get(OVERVIEW).content
    assert client.get(page_to_remove(passkey)).status_code == 404
    assert client.post(page_to_remove(passkey)).status_code == 404
    assert Passkey.objects.exists()


def test_another_sites_form_adds_nothing(els_with_app: Clerk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = proved(els_with_app).cookies
    asked = client.post(reverse("counter_passkeys:question_to_add"))
    assert asked.status_code == 403


def test_where_no_second_factor_is_asked_there_are_no_passkeys(
    els: Clerk, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client = signed_in(els)
    assert b"only your password" in client.get(OVERVIEW).content
    for page in (ADD, PROVE):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", [OVERVIEW, PROVE, ADD])
def test_it_is_for_who_is_signed_in(page: str) -> None:
    assert_for_clerks_only(page)


def test_the_page_is_linked_from_the_own_name(els: Clerk) -> None:
    desk = signed_in(els).get(reverse("counter_desk:desk"))
    assert f'href="{OVERVIEW}"'.encode() in desk.content
