"""Signing in asks at which desk a clerk works; what happens there names that desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.journal.events import Event
from counter.models import Clerk, Desk, JournalEntry, Office, SignInRecord
from counter.staff import desks
from tests import cast
from tests.activation.helpers import text_of
from tests.counter import app
from tests.litany import assert_for_clerks_only, signed_in

SIGN_IN = reverse("counter_sign_in:sign_in")
CHOOSE = reverse("counter_staff:choose_desk")
DESK = reverse("counter_desk:desk")


@pytest.fixture
def second(office: Office) -> Desk:
    desk, _made = Desk.objects.get_or_create(office=office, name="Loket 2")
    return desk


def sign_in(client: Client, name: str, wanted: str = "") -> Any:  # noqa: ANN401
    form = {"username": name, "password": cast.PASSWORD, "next": wanted}
    return client.post(SIGN_IN, form)


def choose(client: Client, desk: Desk | None, wanted: str = DESK) -> Any:  # noqa: ANN401
    value = str(desk.pk) if desk else "none"
    return client.post(CHOOSE, {"desk": value, "next": wanted})


def now(clerk: Clerk) -> str:
    reloaded: Clerk = Clerk.objects.select_related("sign_in__desk").get(pk=clerk.pk)
    return reloaded.desk_name


def preset(client: Client) -> Desk | None:
    chosen: Desk | None = client.get(CHOOSE).context["preset"]
    return chosen


def test_it_is_for_clerks(db: None) -> None:
    for method in ("get", "post"):
        assert_for_clerks_only(CHOOSE, method=method)


def test_the_sign_in_asks_and_leads_on(els: Clerk, second: Desk) -> None:
    client, wanted = Client(), reverse("counter_dossiers:record_applicant")
    asked = sign_in(client, "els", wanted)
    assert asked.headers["Location"] == f"{CHOOSE}?next={wanted.replace('/', '%2F')}"
    assert now(els) == ""  # yesterday's desk is never taken for today's
    page = client.get(asked.headers["Location"])
    assert "Loket 1" in page.text
    assert "Loket 2" in page.text
    answer = choose(client, second, wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, wanted)
    assert now(els) == "Loket 2"
    assert "Loket 2" in client.get(DESK).text
    entry = JournalEntry.objects.get(event=Event.DESK_CHOSEN)
    assert entry.sentence == "els works at Loket 2."


def test_the_six_digits_lead_there_too(
    els: Clerk, second: Desk, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    app.set_up(els)
    client = app.after_the_password(els)
    answer = client.post(app.CODE, {"digits": app.digits(els)})
    assert answer.headers["Location"].startswith(CHOOSE)


def test_the_computer_remembers_its_desk_and_nobody(
    els: Clerk, bart: Clerk, second: Desk
) -> None:
    computer = Client()
    sign_in(computer, "els")
    assert preset(computer) is None
    choose(computer, second)
    cookie = computer.cookies["desk"]
    assert cookie.value.split(":")[0] == str(second.pk)
    assert cookie["httponly"]
    computer.post(reverse("counter_sign_in:sign_out"))
    sign_in(computer, "bart")
    assert preset(computer) == second
    page = computer.get(CHOOSE).text
    primary = re.findall(r'btn-primary"\s+name="desk"\s+value="(\d+)"', page)
    assert primary == [str(second.pk)]


@pytest.mark.parametrize("value", ["2", "x:y:z", "", "2:sign:ed"])
def test_a_cookie_that_somebody_wrote_presets_nothing(
    els: Clerk, second: Desk, value: str
) -> None:
    computer = Client()
    computer.cookies["desk"] = value
    sign_in(computer, "els")
    assert preset(computer) is None


def test_a_desk_that_went_out_of_use_is_neither_preset_nor_taken(
    els: Clerk, bart: Clerk, second: Desk
) -> None:
    Desk.objects.create(office=second.office, name="Loket 3")
    computer = Client()
    sign_in(computer, "els")
    choose(computer, second)
    Desk.objects.filter(pk=second.pk).update(is_active=False)
    computer.post(reverse("counter_sign_in:sign_out"))
    sign_in(computer, "bart")
    assert preset(computer) is None
    answer = choose(computer, second)
    assert answer.status_code == 422
    assert "not in use" in answer.text
    assert now(bart) == ""


def test_a_desk_of_another_office_is_none_to_choose(
    els_client: Client, els: Clerk, second: Desk, other_office: Office
) -> None:
    elsewhere = Desk.objects.create(office=other_office, name="Balie")
    assert "Balie" not in els_client.get(CHOOSE).text
    assert choose(els_client, elsewhere).status_code == 422
    assert now(els) == "Loket 1"


@pytest.mark.parametrize("sent", ["", "\0", "99999999999999999999", "none "])
def test_what_is_no_desk_is_asked_again(
    els_client: Client, second: Desk, sent: str
) -> None:
    assert els_client.post(CHOOSE, {"desk": sent}).status_code == 422


def test_somebody_may_sit_at_none(els_client: Client, els: Clerk, second: Desk) -> None:
    assert choose(els_client, None).status_code == 303
    assert now(els) == ""
    assert "no desk" in els_client.get(DESK).text


def test_two_people_at_one_desk_is_said(
    els: Clerk, bart: Clerk, bart_client: Client
) -> None:
    first = Desk.objects.get(name="Loket 1")
    text = text_of(bart_client.get(CHOOSE).content)
    assert "els, since" in text
    choose(bart_client, first)
    desk_text = text_of(bart_client.get(DESK).content)
    assert "els works at Loket 1 today too." in desk_text


def test_who_signed_out_or_sat_there_yesterday_is_not_there(
    els: Clerk, bart_client: Client
) -> None:
    first = Desk.objects.get(name="Loket 1")
    yesterday = timezone.now() - timedelta(days=1)
    SignInRecord.objects.filter(clerk=els).update(desk_since=yesterday)
    assert "els, since" not in text_of(bart_client.get(CHOOSE).content)
    desks.sit_at(clerk=els, desk=first, at=timezone.now())
    signed_in(els).post(reverse("counter_sign_in:sign_out"))
    assert now(els) == ""
    choose(bart_client, first)
    assert "too." not in text_of(bart_client.get(DESK).content)


def test_an_office_with_one_desk_has_nothing_to_ask(els: Clerk, sofie: Clerk) -> None:
    client = Client()
    assert sign_in(client, "els").headers["Location"] == DESK
    assert now(els) == "Loket 1"
    assert sign_in(Client(), "sofie").headers["Location"] == DESK
    assert now(sofie) == ""


def test_the_supervisor_keeps_the_desks(office: Office, sofie_client: Client) -> None:
    form = {"office": office.pk, "name": "Loket 9", "is_active": "on"}
    add = reverse("admin:counter_desk_add")
    assert sofie_client.post(add, form).status_code == 302
    made = Desk.objects.get(name="Loket 9")
    assert sofie_client.post(add, form).status_code == 200  # the name is there
    change = reverse("admin:counter_desk_change", args=[made.pk])
    sofie_client.post(change, {"office": office.pk, "name": "Balie 9"})
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("Balie 9", False)
    delete_page = reverse("admin:counter_desk_delete", args=[made.pk])
    assert sofie_client.post(delete_page, {"post": "yes"}).status_code == 403


def test_what_was_recorded_names_the_desk_of_then(office: Office, els: Clerk) -> None:
    dossier = cast.make_dossier(cast.make_applicant(), els)
    other = Desk.objects.create(office=office, name="Loket 5")
    desks.sit_at(clerk=els, desk=other, at=timezone.now())
    Desk.objects.filter(name="Loket 1").update(name="Balie 1")
    dossier.refresh_from_db()
    assert dossier.recorded_where == "Loket 1"


def test_who_moved_to_another_office_sits_at_no_desk_of_the_old_one(
    els: Clerk, bart: Clerk, other_office: Office
) -> None:
    """Until the next sign-in asks for a desk: no receipt may name the old one."""
    assert now(els) == "Loket 1"
    desk = Desk.objects.get(name="Loket 1")
    Clerk.objects.filter(pk=els.pk).update(office=other_office)
    assert now(els) == ""
    assert desks.colleagues_at(desk, clerk=bart, at=timezone.now()) == []
