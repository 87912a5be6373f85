"""The last page: until when the key is valid, and what to do now."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from activation.enums import KeyKind, KeyState
from activation.journey.visit import Visit
from activation.models import ActivationCode, DigitalKey
from counter.enums import TextSlot
from counter.models import Clerk, Dossier, OfficeText
from tests import cast
from tests.activation.helpers import (
    GOOD_PASSWORD,
    MOBILE,
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    link,
    path,
    request_of,
    text_of,
    type_code,
)
from tests.activation.holder.helpers import make_holder, make_key

PAGE = path("done")


def finish(client: Client, dossier: Dossier, els: Clerk, kind: str) -> DigitalKey:
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client)
    key = choose_key(client, kind)
    client.post(path("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    key.refresh_from_db()
    return key


def test_without_an_active_key_there_is_nothing_here(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    assert leads_to(client.get(PAGE)) == path("enter_code")
    type_code(client, *cast.make_code(dossier, els))
    assert leads_to(client.get(PAGE)) == path("enter_code")


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("nl", "20 maart 2036"),
        ("fr", "20 mars 2036"),
        ("de", "20. März 2036"),
        ("en", "20 March 2036"),
    ],
)
def test_the_date_ten_years_on_is_written_out(
    client: Client, dossier: Dossier, els: Clerk, language: str, until: str
) -> None:
    with time_machine.travel("2026-03-20T10:00:00+01:00"):
        finish(client, dossier, els, "app")
        page = client.get(path("done", language=language))
    assert until in text_of(page.content)


def test_a_leap_day_becomes_28_february(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    with time_machine.travel("2028-02-29T10:00:00+01:00"):
        finish(client, dossier, els, "app")
        page = text_of(client.get(PAGE).content)
    assert "28 February 2038" in page


@pytest.mark.parametrize("kind", ["app", "sms", "email"])
def test_it_says_what_to_do_now_and_tells_no_secret(
    client: Client, dossier: Dossier, els: Clerk, kind: str
) -> None:
    key = finish(client, dossier, els, kind)
    response = client.get(PAGE)
    page = response.content.decode()
    assert "What you do now" in page
    assert "peter.janssens" in page
    secrets = [GOOD_PASSWORD, "peter@example.org", cast.PETER_NUMBER]
    secrets += filter(None, [key.secret, key.destination])
    for secret in secrets:
        assert secret not in page
    assert response["Cache-Control"] == "no-store"


def test_who_typed_the_code_again_is_not_asked_to_write_down_what_is_masked(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    """The page masks the user name, and says where the person can find it."""
    code, text = cast.make_code(dossier, els)
    type_code(client, code, text)
    choose_account(client)
    elsewhere = Client()
    type_code(elsewhere, code, text)
    key = choose_key(elsewhere, "sms")
    form = {"key": key.pk, "digits": digits_of(key)}
    assert leads_to(elsewhere.post(path("confirm_key"), form)) == PAGE
    page = text_of(elsewhere.get(PAGE).content)
    assert "p•••s" in page
    assert "peter.janssens" not in page
    assert "Did you write down your user name" not in page
    assert "look at what you wrote down" in page
    assert "Press “Forgotten?” on the page My digital keys." in page


def test_the_visit_is_over_but_a_reload_works_for_a_while(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    start = datetime.fromisoformat("2026-03-20T10:00:00+01:00")
    with time_machine.travel(start, tick=False) as clock:
        key = finish(client, dossier, els, "app")
        done = Visit(
            key.code_id,
            started_at=start,
            seen_at=start,
            key_id=key.pk,
            done_at=start,
            session_epoch=key.holder.session_epoch,
            knows_name=True,
        )
        assert Visit.load_all(request_of(client)) == [done]
        clock.shift(timedelta(minutes=14))
        assert client.get(PAGE).status_code == 200
        assert leads_to(client.get(path("enter_code"))) == PAGE
        for name in ("choose_account", "choose_key", "confirm_key"):
            assert leads_to(client.get(path(name))) == PAGE
        clock.shift(timedelta(minutes=1))
        for name in ("done", "enter_code", "choose_key", "confirm_key"):
            response = client.get(path(name), follow=True)
            page = text_of(response.content)
            assert response.status_code == 200
            assert "You activated your key" in page
            assert "My digital keys" in page
            assert "peter" not in page.lower()
        forgotten = replace(done, key_id=None, session_epoch=None)
        assert Visit.load_all(request_of(client)) == [forgotten]


def test_a_key_that_was_revoked_in_between_is_not_called_active(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    key = finish(client, dossier, els, "app")
    key.state, key.revoked_at = KeyState.REVOKED, key.activated_at
    key.save(update_fields=["state", "revoked_at"])
    response = client.get(path("enter_code"), follow=True)
    assert response.status_code == 200
    assert "Your key is active" not in text_of(response.content)


def test_another_visit_in_the_same_browser_starts_as_ever(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    finish(client, dossier, els, "app")
    again = cast.make_dossier(dossier.applicant, els)
    type_code(client, *cast.make_code(again, els))
    assert leads_to(client.get(PAGE)) == path("enter_code")


def test_the_link_no_longer_works_afterwards(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    """All links that ended show one page, whose button leads to the holder's keys."""
    finish(client, dossier, els, "app")
    response = client.get(link(ActivationCode.objects.get()))
    page = text_of(response.content)
    assert response.status_code == 410
    assert "Did you activate your key already?" in page
    assert "was it not you who did it? Call us at once: 016 27 27 27." in page
    with translation.override("en"):
        keys = reverse("activation_holder:overview")
    button = f'<a class="btn" href="{keys}">My digital keys</a>'
    assert button in response.content.decode()


def test_the_clerk_who_tried_it_stays_signed_in(
    els_client: Client, dossier: Dossier, els: Clerk
) -> None:
    finish(els_client, dossier, els, "app")
    assert "_auth_user_id" in els_client.session


SECOND = path("add_second_key")


def test_a_second_key_is_added_at_once(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    first = finish(client, dossier, els, "app")
    assert "Add a second key now" in text_of(client.get(PAGE).content)
    response = client.post(SECOND, follow=True)
    assert response.status_code == 200
    with translation.override("en"):
        add, where = (
            reverse("activation_holder:add_key"),
            reverse("activation_holder:add_destination", args=["sms"]),
        )
        confirm = reverse("activation_holder:confirm_new_key")
    assert response.redirect_chain == [(add, 303)]
    client.post(add, {"kind": "sms"})
    assert client.post(where, {"mobile": MOBILE})["Location"] == confirm
    second = DigitalKey.objects.exclude(pk=first.pk).get()
    client.post(confirm, {"key": second.pk, "digits": digits_of(second)})
    second.refresh_from_db()
    assert second.state == KeyState.ACTIVE
    assert second.holder == first.holder


def test_the_way_to_a_second_key_is_open_for_a_quarter_of_an_hour(
    dossier: Dossier, els: Clerk
) -> None:
    client = Client()
    assert leads_to(client.post(SECOND)) == path("enter_code")
    with time_machine.travel("2026-03-20T10:00:00+01:00", tick=False) as clock:
        finish(client, dossier, els, "app")
        clock.shift(timedelta(minutes=14))
        assert "Add a second key now" in text_of(client.get(PAGE).content)
        clock.shift(timedelta(minutes=1))
        assert leads_to(client.post(SECOND)) == path("enter_code")


def test_who_came_with_an_account_signs_in_for_another_key(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    """The visit did not ask for their password, so they sign in for a second key."""
    make_key(make_holder(dossier, els), KeyKind.SMS)
    again = cast.make_dossier(dossier.applicant, els)
    code, text = cast.make_code(again, els)
    type_code(client, code, text)
    key = choose_key(client, "app")
    client.post(path("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    page = text_of(client.get(PAGE).content)
    assert "Add a second key now" not in page
    assert "My digital keys" in page
    with translation.override("en"):
        assert client.post(SECOND)["Location"] == reverse("activation_holder:sign_in")


def test_who_gave_another_address_and_chose_both_anew_adds_a_key_at_once(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    """The other address ends every session of before, and not this visit."""
    make_holder(dossier, els)  # whose keys have all ended
    again = cast.make_dossier(dossier.applicant, els, email="peter.new@example.org")
    finish(client, again, els, "app")
    page = text_of(client.get(PAGE).content)
    assert "Add a second key now" in page
    assert "Or ten recovery codes on paper" in page
    with translation.override("en"):
        add = reverse("activation_holder:add_key")
    assert client.post(SECOND)["Location"] == add


USES = {
    "nl": ("Waar je je sleutel kan gebruiken", "Niet bij een bank"),
    "fr": ("Où vous pouvez utiliser votre clé", "Ni auprès d’une banque"),
    "de": ("Wo Sie Ihren Schlüssel benutzen können", "Nicht bei einer Bank"),
    "en": ("Where you can use your key", "Not with a bank"),
}


def test_it_says_where_the_key_opens_doors_and_where_not(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    finish(client, dossier, els, "app")
    for language, words in USES.items():
        page = text_of(client.get(path("done", language=language)).content)
        for sentence in words:
            assert sentence in page


def test_the_supervisors_lists_stand_for_the_houses(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    write = partial(OfficeText.objects.create, office=dossier.office, language="en")
    write(slot=TextSlot.USES, text="- at the library\n- at the swimming pool")
    finish(client, dossier, els, "app")
    page = client.get(PAGE).text
    assert "<li>at the library</li><li>at the swimming pool</li>" in page
    assert "On websites of the government" not in page
    assert "Not with a bank" in page
    write(slot=TextSlot.NO_USES, text="Not in the <b>canteen</b>.")
    page = client.get(PAGE).text
    assert "Not in the &lt;b&gt;canteen&lt;/b&gt;." in page
    assert "Not with a bank" not in page
    assert "at the library" not in client.get(path("done", language="nl")).text
