"""With CITY_SIGN_ON_MAKES_ACCOUNTS the first sign-in by the city makes an account."""

import pytest
from django.test import Client
from pytest_django import Settings

from counter.city_sign_on.refusals import Why
from counter.enums import Role
from counter.models import Clerk, Office
from tests.city_sign_on.provider import DESK, IS_HERE, CityProvider
from tests.counter.city_sign_on.steps import assert_refused, is_signed_in, sign_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.processes,
    pytest.mark.usefixtures("office"),
    IS_HERE,
]
NAMES = {
    "given_name": "Nina",
    "family_name": "Jacobs",
    "preferred_username": "Nina.Jacobs@leuven.example",
    "email": "nina@leuven.example",
}


@pytest.fixture(autouse=True)
def on(city: CityProvider, settings: Settings) -> None:
    settings.CITY_SIGN_ON = city.settings(makes_accounts=True)


def test_the_first_sign_in_makes_an_account(city: CityProvider, office: Office) -> None:
    city.person("nina", DESK, **NAMES)
    client = Client()
    assert sign_in(client, "nina").status_code == 303
    assert is_signed_in(client)
    nina = Clerk.objects.get(username="nina.jacobs@leuven.example")
    assert (nina.role, nina.office, str(nina)) == (
        Role.CLERK,
        office,
        "Nina Jacobs",
    )
    assert not nina.has_usable_password()
    assert sign_in(Client(), "nina").status_code == 303
    assert Clerk.objects.count() == 1


@pytest.mark.parametrize("same", ["preferred_username", "email"])
def test_an_account_that_there_is_stays_its_owners(
    city: CityProvider, els: Clerk, same: str
) -> None:
    els.email = els.email or "els@leuven.example"
    els.save()
    taken = {"preferred_username": "ELS", "email": els.email.upper()}[same]
    city.person("mallory", DESK, **NAMES | {same: taken})
    client = Client()
    assert_refused(client, sign_in(client, "mallory"), Why.NAME_TAKEN)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("preferred_username", "LEUVEN\\nina"),
        ("preferred_username", "nina jacobs"),
        ("preferred_username", "n" * 151),
        ("email", "nina@leuven"),
    ],
)
def test_by_what_cannot_be_used_here_there_is_none(
    city: CityProvider, claim: str, value: str
) -> None:
    """Nobody has that name: who is told so would look for an account of theirs."""
    city.person("nina", DESK, **(NAMES | {claim: value}))
    client = Client()
    assert_refused(client, sign_in(client, "nina"), Why.UNUSABLE)
    assert not Clerk.objects.exists()


def test_without_names_there_is_none(city: CityProvider) -> None:
    city.person("nina", DESK)
    client = Client()
    assert_refused(client, sign_in(client, "nina"), Why.NO_NAME)


def test_without_a_role_there_is_none(city: CityProvider) -> None:
    city.person("nina", **NAMES)
    client = Client()
    assert_refused(client, sign_in(client, "nina"), Why.NO_ROLE)
    assert not Clerk.objects.exists()


def test_of_several_offices_the_city_has_to_say_one(
    city: CityProvider,
    settings: Settings,
    other_office: Office,
) -> None:
    city.person("nina", DESK, **NAMES, offices=other_office.slug)
    client = Client()
    assert_refused(client, sign_in(client, "nina"), Why.NO_OFFICE)
    settings.CITY_SIGN_ON = city.settings(makes_accounts=True, office_claim="offices")
    assert sign_in(client, "nina").status_code == 303
    assert Clerk.objects.get().office == other_office
