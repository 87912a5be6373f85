"""The city says role and office, and they are taken anew at each sign-in."""

import pytest
from django.test import Client
from pytest_django import Settings

from counter.city_sign_on.refusals import Why
from counter.enums import Role
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office
from counter.sign_in.session_end import SessionEnd
from tests.city_sign_on.provider import (
    DESK,
    IS_HERE,
    LEADS,
    CityProvider,
)
from tests.counter.city_sign_on.steps import (
    assert_refused,
    is_signed_in,
    sign_in,
)
from tests.litany import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.processes, IS_HERE]


def test_the_role_is_the_citys_each_time(linked: Clerk, city: CityProvider) -> None:
    old = signed_in(linked)
    city.person("els", DESK, LEADS, "Another group")
    client = Client()
    assert sign_in(client, "els").status_code == 303
    linked.refresh_from_db()
    assert (linked.role, linked.is_staff) == (Role.SUPERVISOR, True)
    assert not is_signed_in(old)
    city.person("els", DESK)
    sign_in(Client(), "els")
    linked.refresh_from_db()
    assert (linked.role, linked.is_staff) == (Role.CLERK, False)
    assert not is_signed_in(client)


def test_a_role_that_the_city_took_away_is_gone_at_once(
    linked: Clerk, city: CityProvider
) -> None:
    at_work = signed_in(linked)
    city.person("els", "Another group")
    client = Client()
    assert_refused(client, sign_in(client, "els"), Why.NO_ROLE)
    linked.refresh_from_db()
    assert not linked.is_active
    assert linked.sign_in.session_ended_by == SessionEnd.SWITCHED_OFF
    assert not is_signed_in(at_work)
    entry = JournalEntry.objects.get(event=Event.CITY_REFUSED)
    assert entry.details == {"account": "els", "why": "no_role"}
    # When the city gives the role again, the account works again.
    city.person("els", DESK)
    assert sign_in(client, "els").status_code == 303
    assert is_signed_in(client)


def test_who_was_switched_off_here_stays_so(linked: Clerk) -> None:
    Clerk.objects.filter(pk=linked.pk).update(is_active=False)
    client = Client()
    assert_refused(client, sign_in(client, "els"), Why.SWITCHED_OFF)


class TestOffice:
    @pytest.fixture(autouse=True)
    def said(self, city: CityProvider, settings: Settings) -> None:
        settings.CITY_SIGN_ON = city.settings(office_claim="offices")

    def test_it_is_the_citys_each_time(
        self, linked: Clerk, city: CityProvider, other_office: Office
    ) -> None:
        city.person("els", DESK, offices=["unknown", other_office.slug])
        assert sign_in(Client(), "els").status_code == 303
        linked.refresh_from_db()
        assert linked.office == other_office

    def test_of_two_nobody_knows_which(
        self, linked: Clerk, city: CityProvider, office: Office, other_office: Office
    ) -> None:
        city.person("els", DESK, offices=[office.name, other_office.slug])
        client = Client()
        assert_refused(client, sign_in(client, "els"), Why.TWO_OFFICES)
        linked.refresh_from_db()
        assert (linked.is_active, linked.office) == (True, office)

    @pytest.mark.usefixtures("linked")
    def test_a_clerk_belongs_to_one(self) -> None:
        client = Client()
        assert_refused(client, sign_in(client, "els"), Why.NO_OFFICE)


def test_a_role_may_lie_deeper_in_the_token(
    linked: Clerk, city: CityProvider, settings: Settings
) -> None:
    settings.CITY_SIGN_ON = city.settings(role_claim="realm_access.roles")
    city.person("els", realm_access={"roles": [LEADS]})
    assert sign_in(Client(), "els").status_code == 303
    linked.refresh_from_db()
    assert linked.role == Role.SUPERVISOR
