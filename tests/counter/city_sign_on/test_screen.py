"""How a screen locks, unlocks and signs out after a sign-in by the city."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.city_sign_on.refusals import Why
from counter.models import Clerk, Dossier
from tests.city_sign_on.forger import Forger
from tests.city_sign_on.provider import DESK, IS_HERE, CityProvider, Visitor, led_to
from tests.counter.city_sign_on.steps import (
    BACK,
    DESK_PAGE,
    SITE,
    assert_says,
    begin,
    come_back,
    is_signed_in,
    sign_in,
)
from tests.litany import signed_in

pytestmark = pytest.mark.django_db
LOCK = reverse("counter_sign_in:lock")
UNLOCK = reverse("counter_sign_in:unlock")
BY_CITY = reverse("counter_city_sign_on:unlock")
SIGN_OUT = reverse("counter_sign_in:sign_out")


@pytest.mark.usefixtures("linked")
class TestWithARealProvider:
    pytestmark = [pytest.mark.processes, IS_HERE]

    def test_the_city_opens_the_lock(self) -> None:
        client = Client()
        sign_in(client, "els")
        client.post(LOCK)
        page = client.get(UNLOCK).content.decode()
        assert "Stad Leuven" in page
        assert 'name="password"' not in page
        back = Visitor().sign_in(begin(client, BY_CITY, next=DESK_PAGE), "els")
        assert come_back(client, back).headers["Location"] == DESK_PAGE
        assert is_signed_in(client)

    def test_somebody_else_does_not(self, city: CityProvider) -> None:
        client = Client()
        sign_in(client, "els")
        client.post(LOCK)
        city.person("mallory", DESK)
        answer = come_back(client, Visitor().sign_in(begin(client, BY_CITY), "mallory"))
        assert answer.status_code == 403
        assert not is_signed_in(client)

    def test_where_the_browser_is_signed_in_there_the_city_asks_all_the_same(
        self, city: CityProvider, settings: Settings
    ) -> None:
        """Nobody gets in by taking `prompt=login` out of the address."""
        settings.CITY_SIGN_ON = city.settings(asks_again=False)
        browser, client = Visitor(), Client()
        come_back(client, browser.sign_in(begin(client), "els"))
        assert is_signed_in(client)
        client.post(LOCK)
        with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=True):
            address = begin(client, BY_CITY)
            without = address.replace("&prompt=login&max_age=0", "")
            back, page = browser.walk(without)
            assert page is None  # the provider asked nobody to sign in
            answer = come_back(client, back)
            assert answer.status_code == 400
            assert_says(answer, Why.NOT_ASKED)
            assert not is_signed_in(client)

    def test_an_own_session_of_the_computer_is_enough_where_that_is_set(
        self, city: CityProvider, settings: Settings
    ) -> None:
        settings.CITY_SIGN_ON = city.settings(asks_again=False)
        browser = Visitor()
        client, later = Client(), Client()
        come_back(client, browser.sign_in(begin(client), "els"))
        back, page = browser.walk(begin(later))
        assert page is None
        come_back(later, back)
        assert is_signed_in(later)

    def test_signed_out_here_is_signed_out_there(self) -> None:
        client = Client()
        sign_in(client, "els")
        answer = client.post(SIGN_OUT)
        address = led_to(answer.content.decode())
        assert "/session/end?" in address
        assert not is_signed_in(client)
        _here, page = Visitor().walk(address)
        assert page is not None
        assert page.status_code == 200

    def test_while_it_is_down_one_signs_out_here(
        self, linked: Clerk, forger: Forger
    ) -> None:
        client = Client()
        client.cookies.update(signed_in(linked).cookies)
        session = client.session
        session["by_city_sign_on"] = True
        session.save()
        forger.stop()
        assert client.post(SIGN_OUT).status_code == 303
        assert not is_signed_in(client)

    def test_who_came_with_a_password_is_not_led_there(self, bart: Clerk) -> None:
        assert signed_in(bart).post(SIGN_OUT).status_code == 303


def test_a_form_that_asks_who_is_there_goes_by_the_lock(
    linked_with_forger: Clerk, dossier: Dossier
) -> None:
    """After a pause there is no password to ask for, so the screen locks instead."""
    client = signed_in(linked_with_forger)
    client.get(DESK_PAGE)
    cancel = reverse("counter_dossiers:cancel_dossier", args=[dossier.pk])
    assert client.get(cancel).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        answer = client.get(cancel)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(UNLOCK)
        linked_with_forger.sign_in.refresh_from_db()
        assert linked_with_forger.sign_in.screen_locked_at is not None


def test_the_way_back_is_of_this_site(forger: Forger) -> None:
    asked = parse_qs(urlsplit(begin(Client())).query)
    assert asked["redirect_uri"] == [SITE + BACK]
    assert asked["code_challenge_method"] == ["S256"]
