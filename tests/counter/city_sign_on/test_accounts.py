"""How an account is linked with the city: by invitation or by its owner."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counter.city_sign_on import linking
from counter.city_sign_on.refusals import Why
from counter.enums import AccountAct
from counter.journal.events import Event
from counter.models import (
    AccountChange,
    CityIdentity,
    Clerk,
    JournalEntry,
    Office,
    PasswordLink,
)
from counter.staff import invitations, password_links, same_hands
from counter.staff.invitations import AccountStatus
from tests import cast
from tests.city_sign_on.provider import DESK, IS_HERE, CityProvider, Visitor
from tests.counter.app import SIGN_IN, set_up
from tests.counter.city_sign_on.conftest import link
from tests.counter.city_sign_on.steps import (
    assert_refused,
    begin,
    come_back,
    is_signed_in,
    sign_in,
)
from tests.counter.passkeys.steps import proved
from tests.litany import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.processes, IS_HERE]
LINK = reverse("counter_city_sign_on:link")
OWN = reverse("counter_passkeys:overview")


@pytest.fixture
def invited(sofie: Clerk, office: Office, city: CityProvider) -> Clerk:
    """Nina, whom Sofie invited."""
    nina = Clerk(
        username="nina", first_name="Nina", email="nina@leuven.example", office=office
    )
    nina.set_unusable_password()
    nina.save()
    password_links.invite(clerk=nina, by=sofie, at=timezone.now())
    city.person("nina", DESK)
    return nina


def token_of(clerk: Clerk) -> str:
    link = PasswordLink.objects.filter(clerk=clerk).latest("asked_at")
    return password_links.token_of(link)


def by_link(clerk: Clerk) -> str:
    return reverse("counter_city_sign_on:accept_invitation", args=[token_of(clerk)])


class TestInvitation:
    def test_by_its_link_the_account_is_linked_and_signed_in(
        self, invited: Clerk, sofie: Clerk
    ) -> None:
        client = Client()
        page = reverse("counter_staff:choose_password", args=[token_of(invited)])
        text = client.get(f"{page}/").text
        # The city stands first, because most people then need no password here.
        assert text.index("Stad Leuven") < text.index("new_password1")
        assert "<h1>Kies je wachtwoord" not in text
        back = Visitor().sign_in(begin(client, by_link(invited)), "nina")
        assert come_back(client, back).status_code == 303
        assert is_signed_in(client)
        invited.refresh_from_db()
        assert linking.is_linked(invited)
        assert invitations.account_status(invited) == AccountStatus.AT_WORK
        assert JournalEntry.objects.filter(event=Event.CITY_LINKED).exists()
        # Sofie could have opened the link: for a week both count as one person.
        assert same_hands.why_not(sofie, invited, at=timezone.now())
        # The link of the invitation is used up.
        again = Client().post(by_link(invited))
        assert again.status_code == 303

    def test_two_at_once_are_one(self, invited: Clerk, city: CityProvider) -> None:
        city.person("other", DESK)
        first, second = Client(), Client()
        addresses = [begin(one, by_link(invited)) for one in (first, second)]
        come_back(first, Visitor().sign_in(addresses[0], "nina"))
        answer = come_back(second, Visitor().sign_in(addresses[1], "other"))
        assert_refused(second, answer, Why.LINK_ENDED)
        assert CityIdentity.objects.count() == 1

    @pytest.mark.usefixtures("linked")
    def test_one_person_has_one_account(self, invited: Clerk) -> None:
        client = Client()
        back = Visitor().sign_in(begin(client, by_link(invited)), "els")
        assert_refused(client, come_back(client, back), Why.LINKED_BEFORE)

    def test_a_link_to_a_new_password_links_nothing(
        self, els: Clerk, city: CityProvider
    ) -> None:
        """Otherwise somebody who reads Els's mail could sign in without her app."""
        city.person("mallory", DESK)
        els.email = "els@leuven.example"
        els.save()
        at = timezone.now()
        password_links.ask_own_reset(user_name="els", counts=(), at=at)
        client = Client()
        assert client.post(by_link(els)).status_code == 303
        page = reverse("counter_staff:choose_password", args=[token_of(els)])
        assert "Stad Leuven" not in client.get(f"{page}/").content.decode()

    def test_who_chose_a_password_meanwhile_is_not_linked(self, invited: Clerk) -> None:
        client = Client()
        address = begin(client, by_link(invited))
        invited.set_password(cast.PASSWORD)
        invited.save()
        back = Visitor().sign_in(address, "nina")
        assert_refused(client, come_back(client, back), Why.LINK_ENDED)

    def test_in_a_colleagues_browser_the_colleague_stays(
        self, invited: Clerk, bart: Clerk
    ) -> None:
        client = signed_in(bart)
        back = Visitor().sign_in(begin(client, by_link(invited)), "nina")
        assert come_back(client, back).status_code == 303
        assert client.session["_auth_user_id"] == str(bart.pk)
        assert linking.is_linked(invited)
        changed = JournalEntry.objects.filter(event=Event.ROW_CHANGED, clerk=bart)
        assert not changed.exists()


@pytest.mark.usefixtures("city")
class TestByTheOwner:
    @pytest.fixture(autouse=True)
    def with_app(self, els: Clerk) -> None:
        set_up(els)

    def test_after_password_and_digits(self, els: Clerk) -> None:
        client = proved(els)
        assert "Stad Leuven" in client.get(OWN).content.decode()
        back = Visitor().sign_in(begin(client, LINK), "els")
        assert come_back(client, back).headers["Location"] == OWN
        assert linking.is_linked(els)
        assert AccountChange.objects.get().act == AccountAct.CITY_LINKED
        assert sign_in(Client(), "els").status_code == 303

    def test_without_them_nothing_begins(self, els: Clerk) -> None:
        answer = signed_in(els).post(LINK)
        assert answer.headers["Location"].startswith(reverse("counter_passkeys:prove"))

    def test_whoever_is_linked_with_another_is_refused(
        self, els: Clerk, bart: Clerk
    ) -> None:
        link(bart, "els")
        client = proved(els)
        answer = come_back(client, Visitor().sign_in(begin(client, LINK), "els"))
        assert answer.status_code == 403
        assert not linking.is_linked(els)

    def test_who_has_no_role_there_keeps_the_password(
        self, els: Clerk, city: CityProvider
    ) -> None:
        city.person("els")
        client = proved(els)
        answer = come_back(client, Visitor().sign_in(begin(client, LINK), "els"))
        assert answer.status_code == 403
        assert not linking.is_linked(els)

    def test_another_who_signed_in_meanwhile_is_not_linked(
        self, els: Clerk, bart: Clerk
    ) -> None:
        client = proved(els)
        back = Visitor().sign_in(begin(client, LINK), "els")
        client.post(reverse("counter_sign_in:sign_out"))
        client.cookies.update(signed_in(bart).cookies)
        come_back(client, back)
        assert not CityIdentity.objects.exists()


@pytest.mark.usefixtures("city")
class TestPassword:
    """Which accounts may still sign in with a password."""

    def typed(self, clerk: Clerk) -> int:
        both = {"username": clerk.username, "password": cast.PASSWORD}
        answer = Client().post(SIGN_IN, both)
        return int(answer.status_code)

    def test_a_linked_account_signs_in_by_the_city_alone(
        self, linked: Clerk, bart: Clerk
    ) -> None:
        linked.set_password(cast.PASSWORD)
        linked.save()
        assert self.typed(linked) == 422
        assert self.typed(bart) == 303
        entry = JournalEntry.objects.get(event=Event.CITY_REFUSED)
        assert entry.details == {"account": "els", "why": "password_closed"}

    def test_closed_it_is_there_for_those_who_are_named(
        self, settings: Settings, bart: Clerk, tom: Clerk
    ) -> None:
        settings.PASSWORD_SIGN_IN_ONLY_FOR = ["tom"]
        assert self.typed(bart) == 422
        assert self.typed(tom) == 303

    def test_who_is_named_has_it_also_when_linked(
        self, linked: Clerk, settings: Settings
    ) -> None:
        """The way in on the day when the city's sign-on is down."""
        linked.set_password(cast.PASSWORD)
        linked.save()
        settings.PASSWORD_SIGN_IN_ONLY_FOR = [linked.username]
        assert self.typed(linked) == 303

    def test_without_a_sign_on_of_the_city_it_opens_again(
        self, linked: Clerk, settings: Settings
    ) -> None:
        linked.set_password(cast.PASSWORD)
        linked.save()
        settings.CITY_SIGN_ON = {}
        assert self.typed(linked) == 303


def test_broken_the_link_signs_nobody_in(linked: Clerk, sofie: Clerk) -> None:
    client = Client()
    sign_in(client, "els")
    assert linking.unlink(clerk=linked, by=sofie, at=timezone.now())
    assert not is_signed_in(client)
    assert_refused(client, sign_in(client, "els"), Why.UNKNOWN)
    linked.refresh_from_db()
    assert (
        invitations.account_status(Clerk.objects.get(pk=linked.pk))
        == AccountStatus.INVITED
    )
    later = timezone.now() + timedelta(minutes=1)
    assert not linking.unlink(clerk=linked, by=sofie, at=later)
