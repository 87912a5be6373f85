"""Signing in by the city's sign-on, with a real provider."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from counter.city_sign_on.refusals import Why
from counter.journal.events import Event
from counter.models import CityIdentity, Clerk, JournalEntry
from tests import cast
from tests.city_sign_on.provider import (
    DESK,
    ID,
    IS_HERE,
    LEADS,
    CityProvider,
    Visitor,
)
from tests.counter.app import CODE, digits, set_up
from tests.counter.city_sign_on.conftest import link
from tests.counter.city_sign_on.steps import (
    BACK,
    DESK_PAGE,
    GO,
    SIGN_IN_PAGE,
    assert_refused,
    begin,
    come_back,
    is_signed_in,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.processes, IS_HERE]
APP = reverse("counter_sign_in:set_up_app")


def test_els_signs_in_and_a_second_factor_of_the_city_does(linked: Clerk) -> None:
    client = Client()
    page = client.get(SIGN_IN_PAGE).content.decode()
    assert "Stad Leuven" in page
    client.post(GO)
    before = client.session.session_key
    answer = sign_in(client, "els", next=reverse("counter_passkeys:overview"))
    assert answer.headers["Location"] == reverse("counter_passkeys:overview")
    assert client.session.session_key != before
    assert is_signed_in(client)
    entry = JournalEntry.objects.get(event=Event.SIGNED_IN_BY_CITY)
    assert entry.clerk == linked


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_either_signature_is_taken(
    linked: Clerk, city: CityProvider, settings: Settings, alg: str
) -> None:
    client_id = ID if alg == "RS256" else f"{ID}-{alg}"
    settings.CITY_SIGN_ON = city.settings(client_id=client_id)
    client = Client()
    assert sign_in(client, "els").status_code == 303
    assert is_signed_in(client)


def test_without_a_second_factor_of_the_city_the_app_is_asked(
    linked: Clerk, city: CityProvider
) -> None:
    city.person("els", DESK, amr=["pwd"])
    set_up(linked)
    client = Client()
    answer = sign_in(client, "els")
    assert answer.headers["Location"].startswith(CODE)
    assert not is_signed_in(client)
    assert client.post(CODE, {"digits": digits(linked)}).status_code == 303
    assert is_signed_in(client)
    assert JournalEntry.objects.filter(event=Event.SIGNED_IN_BY_CITY).exists()


def test_no_value_of_the_city_counts_until_it_is_named(
    linked: Clerk, city: CityProvider, settings: Settings
) -> None:
    settings.CITY_SIGN_ON = city.settings(amr=[])
    client = Client()
    assert sign_in(client, "els").headers["Location"].startswith(CODE)
    assert not is_signed_in(client)


def test_who_has_a_password_too_sets_an_app_up_once(
    linked: Clerk, city: CityProvider
) -> None:
    """A supervisor needs both, password and app, to agree at a colleague's screen."""
    linked.set_password(cast.PASSWORD)
    linked.save()
    client = Client()
    assert sign_in(client, "els").headers["Location"].startswith(CODE)
    assert client.get(APP).status_code == 200
    set_up(linked)
    assert sign_in(Client(), "els").headers["Location"] == DESK_PAGE


def test_another_session_of_the_account_ends(linked: Clerk) -> None:
    first, second = Client(), Client()
    sign_in(first, "els")
    sign_in(second, "els")
    assert is_signed_in(second)
    assert not is_signed_in(first)


def test_nobody_is_known_by_a_mail_address_or_a_name(
    els: Clerk, city: CityProvider
) -> None:
    """Both may be given to somebody else, or be chosen by whoever signs in."""
    city.person(
        "mallory",
        LEADS,
        email=els.email,
        email_verified=True,
        preferred_username=els.username,
    )
    client = Client()
    assert_refused(client, sign_in(client, "mallory"), Why.UNKNOWN)
    assert not CityIdentity.objects.exists()


def test_a_row_that_was_given_to_another_account_links_nobody(
    linked: Clerk, sofie: Clerk, city: CityProvider
) -> None:
    """Somebody who can only write to the database cannot take an account over."""
    CityIdentity.objects.filter(pk=linked.pk).update(clerk=sofie)
    client = Client()
    assert_refused(client, sign_in(client, "els"), Why.UNKNOWN)


def test_another_issuer_with_the_same_subject_is_somebody_else(
    linked: Clerk, city: CityProvider, settings: Settings
) -> None:
    CityIdentity.objects.all().delete()
    settings.CITY_SIGN_ON = city.settings(issuer="https://other.example")
    link(linked, "els")
    settings.CITY_SIGN_ON = city.settings()
    client = Client()
    assert_refused(client, sign_in(client, "els"), Why.UNKNOWN)


def test_whoever_stops_there_reads_so(linked: Clerk, city: CityProvider) -> None:
    client = Client()
    back = Visitor().cancel(begin(client))
    assert_refused(client, come_back(client, back), Why.CANCELLED)
    assert sign_in(client, "els").status_code == 303


def test_a_way_back_is_taken_once(linked: Clerk) -> None:
    client = Client()
    back = Visitor().sign_in(begin(client), "els")
    assert come_back(client, back).status_code == 303
    client.post(reverse("counter_sign_in:sign_out"))
    assert_refused(client, come_back(client, back), Why.LATE)


def test_a_code_is_taken_once(linked: Clerk) -> None:
    """A thief who read the first address cannot use its code in another sign-in."""
    client = Client()
    visitor = Visitor()
    first = visitor.sign_in(begin(client), "els")
    assert come_back(client, first).status_code == 303
    thief = Client()
    second = visitor.sign_in(begin(thief), "els")
    used = first.partition("code=")[2].partition("&")[0]
    fresh = second.partition("code=")[2].partition("&")[0]
    assert_refused(thief, come_back(thief, second.replace(fresh, used)), Why.USED)


def test_a_code_of_another_asking_is_not_taken(linked: Clerk) -> None:
    """Mallory's code is refused in the address with which Els comes back (PKCE)."""
    client, mallory = Client(), Client()
    hers = Visitor().sign_in(begin(client), "els")
    his = Visitor().sign_in(begin(mallory), "mallory")
    code = [back.partition("code=")[2].partition("&")[0] for back in (hers, his)]
    answer = come_back(client, hers.replace(code[0], code[1]))
    assert_refused(client, answer, Why.USED)


def test_nobody_is_signed_in_by_a_link_of_somebody_else(linked: Clerk) -> None:
    """Els opens the address of Mallory's sign-in: refused; her own then goes on."""
    mallory, client = Client(), Client()
    hers = begin(client)
    his = Visitor().sign_in(begin(mallory), "els")
    assert_refused(client, come_back(client, his), Why.LATE)
    assert come_back(client, Visitor().sign_in(hers, "els")).status_code == 303


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "nowhere"]
)
def test_it_leads_to_pages_of_this_site_only(linked: Clerk, wanted: str) -> None:
    answer = sign_in(Client(), "els", next=wanted)
    assert answer.headers["Location"] == DESK_PAGE


def test_a_provider_that_was_started_anew_has_other_keys(
    linked: Clerk, city: CityProvider
) -> None:
    assert sign_in(Client(), "els").status_code == 303
    city.stop()
    client = Client()
    address = begin(client)  # its directory is still known
    city.start()
    city.person("els", DESK)
    assert come_back(client, Visitor().sign_in(address, "els")).status_code == 303


def test_while_it_is_down_the_page_says_so(linked: Clerk, city: CityProvider) -> None:
    client = Client()
    back = Visitor().sign_in(begin(client), "els")
    city.stop()
    try:
        assert_refused(client, come_back(client, back), Why.AWAY)
        assert client.get(SIGN_IN_PAGE).status_code == 200
    finally:
        city.start()
    city.person("els", DESK)
    assert sign_in(client, "els").status_code == 303


def test_where_it_is_not_set_up_there_is_no_such_page(
    els: Clerk, settings: Settings
) -> None:
    assert "Stad Leuven" not in Client().get(SIGN_IN_PAGE).content.decode()
    assert Client().post(GO).status_code == 404
    assert Client().get(BACK).status_code == 404
