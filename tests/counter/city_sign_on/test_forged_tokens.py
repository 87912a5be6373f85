"""Wrong tokens sign nobody in: the tests have a provider that makes them."""

import json
import time
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import ECKey, OctKey
from pytest_django import Settings

from counter.city_sign_on.refusals import Why
from counter.models import Clerk, FailedSignIns
from counter.sign_in import hashing_places, tries
from tests.city_sign_on.forger import Forger, rsa
from tests.city_sign_on.provider import SECRET
from tests.counter.city_sign_on.steps import (
    GO,
    assert_refused,
    begin,
    come_back,
    is_signed_in,
)
from tests.counter.passkeys.steps import sent

pytestmark = pytest.mark.django_db
NOW = int(time.time())


@pytest.fixture(autouse=True)
def there(linked_with_forger: Clerk) -> None:
    """Els is linked with the forger's `els`."""


def tried(forger: Forger, **other: str) -> tuple[Client, Any]:
    client = Client()
    return client, come_back(client, forger.way_back(begin(client), **other))


def assert_not_taken(forger: Forger, why: Why = Why.TOKEN, **other: str) -> None:
    client, answer = tried(forger, **other)
    assert_refused(client, answer, why)


def test_a_right_one_is_taken(forger: Forger) -> None:
    client, answer = tried(forger)
    assert answer.status_code == 303
    assert is_signed_in(client)
    sent = forger.sent[0]
    assert sent["grant_type"] == ["authorization_code"]
    assert SECRET not in str(sent)  # it goes in a header, which no log keeps


def test_one_of_an_elliptic_curve_is_taken(forger: Forger) -> None:
    forger.algorithm = "ES256"
    forger.key = ECKey.generate_key("P-256", {"kid": "curve"})
    forger.published = [forger.key]
    assert tried(forger)[1].status_code == 303


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": NOW - 120}, Why.EXPIRED),
        ({"iat": NOW + 3600}, Why.EXPIRED),
        ({"nbf": NOW + 3600}, Why.EXPIRED),
        ({"iss": "https://other.example"}, Why.TOKEN),
        ({"aud": "another"}, Why.TOKEN),
        ({"aud": ["sleutelloket", "another"]}, Why.TOKEN),
        ({"aud": ["sleutelloket", "another"], "azp": "another"}, Why.TOKEN),
        ({"azp": "another"}, Why.TOKEN),
        ({"nonce": "of another asking"}, Why.TOKEN),
        ({"nonce": 7}, Why.TOKEN),
        ({"nonce": None}, Why.TOKEN),
        ({"sub": None}, Why.TOKEN),
        ({"sub": ""}, Why.TOKEN),
        ({"sub": 7}, Why.TOKEN),
        ({"sub": "x" * 256}, Why.TOKEN),
        ({"exp": None}, Why.TOKEN),
        ({"exp": "tomorrow"}, Why.TOKEN),
        ({"auth_time": NOW - 3600}, Why.NOT_ASKED),
        ({"auth_time": None}, Why.NOT_ASKED),
        ({"auth_time": True}, Why.NOT_ASKED),
        ({"auth_time": "now"}, Why.NOT_ASKED),
        ({"sub": "mallory"}, Why.UNKNOWN),
        ({"sub": "ELS"}, Why.UNKNOWN),
        ({"roles": {"Sleutelloket balie": 1}}, Why.NO_ROLE),
        ({"roles": [["Sleutelloket balie"]]}, Why.NO_ROLE),
    ],
)
def test_what_is_not_right_is_refused(
    forger: Forger, claims: dict[str, Any], why: Why
) -> None:
    forger.claims = claims
    assert_not_taken(forger, why)


def test_clocks_may_differ_by_a_minute(forger: Forger) -> None:
    now = int(time.time())
    forger.claims = {"exp": now - 30, "iat": now + 30, "auth_time": now - 30}
    assert tried(forger)[1].status_code == 303


def test_for_several_it_names_us(forger: Forger) -> None:
    forger.claims = {"aud": ["sleutelloket", "another"], "azp": "sleutelloket"}
    assert tried(forger)[1].status_code == 303


class TestSignature:
    def test_a_key_of_somebody_else(self, forger: Forger) -> None:
        forger.key = rsa("first")  # another key with the same name
        assert_not_taken(forger)

    def test_a_key_that_nobody_published(self, forger: Forger) -> None:
        forger.key = rsa("unknown")
        assert_not_taken(forger)

    def test_the_public_key_is_no_secret_to_sign_with(self, forger: Forger) -> None:
        """A known attack: HS256 with the public key, which everybody may read."""
        public = json.dumps(forger.published[0].as_dict(private=False))
        forger.key = OctKey.import_key(public, {"kid": "first"})
        forger.algorithm = "HS256"
        assert_not_taken(forger)

    def test_our_secret_is_none_either(self, forger: Forger) -> None:
        forger.key = OctKey.import_key(SECRET, {"kid": "first"})
        forger.algorithm = "HS256"
        assert_not_taken(forger)

    def test_another_algorithm(self, forger: Forger) -> None:
        forger.algorithm = "PS256"
        assert_not_taken(forger)

    @pytest.mark.parametrize(
        "token",
        [
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJlbHMifQ.",
            "",
            "a.b.c",
            "....",
            "no token",
        ],
    )
    def test_none_at_all(self, forger: Forger, token: str) -> None:
        forger.answer = (200, json.dumps({"id_token": token}))
        assert_not_taken(forger)

    def test_a_new_key_is_found_while_the_old_ones_are_kept(
        self, forger: Forger
    ) -> None:
        assert tried(forger)[1].status_code == 303
        forger.key = rsa("second")
        forger.published = [*forger.published, forger.key]
        assert tried(forger)[1].status_code == 303
        assert tried(forger)[1].status_code == 303
        assert forger.asked.count("GET /keys") == 2

    def test_unknown_keys_do_not_have_it_asked_again_and_again(
        self, forger: Forger
    ) -> None:
        assert tried(forger)[1].status_code == 303
        forger.key = rsa("unknown")
        for _ in range(3):
            assert_not_taken(forger)
        assert forger.asked.count("GET /keys") == 2


class TestMixUp:
    """Another provider's answer, or its directory, in place of the city's."""

    def test_the_answer_names_another_issuer(self, forger: Forger) -> None:
        assert_not_taken(forger, iss="https://other.example")
        assert not forger.sent

    def test_the_answer_names_nobody_where_it_should(self, forger: Forger) -> None:
        forger.directory = {"authorization_response_iss_parameter_supported": True}
        assert_not_taken(forger, iss="")
        assert not forger.sent

    @pytest.mark.parametrize(
        "other",
        [
            {"issuer": "https://other.example"},
            {"token_endpoint": "http://other.example/token"},
            {"jwks_uri": None},
            {"authorization_endpoint": "javascript:alert(1)"},
        ],
    )
    def test_a_directory_of_somebody_else(
        self, forger: Forger, other: dict[str, Any]
    ) -> None:
        forger.directory = other
        client = Client()
        assert_refused(client, sent(client, GO, {}), Why.AWAY)


class TestBrokenProvider:
    @pytest.mark.parametrize(
        "answer",
        [
            (500, "oops"),
            (200, "no json"),
            (200, "[]"),
            (200, "{}"),
            (302, "{}"),
            (401, '{"error": "invalid_client"}'),
        ],
    )
    def test_it_is_as_if_away(self, forger: Forger, answer: tuple[int, str]) -> None:
        forger.answer = answer
        assert_not_taken(forger, Why.AWAY)
        assert not FailedSignIns.objects.exists()

    def test_down(self, forger: Forger) -> None:
        forger.stop()
        client = Client()
        assert_refused(client, sent(client, GO, {}), Why.AWAY)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"error": "access_denied"}, Why.CANCELLED),
        ({"error": "server_error"}, Why.REFUSED),
        ({"error": "<script>"}, Why.REFUSED),
        ({"code": ""}, Why.TOKEN),
    ],
)
def test_what_the_provider_may_say_instead(
    forger: Forger, query: dict[str, str], why: Why
) -> None:
    assert_not_taken(forger, why, **query)
    assert not forger.sent


def test_wrong_answers_are_counted_and_make_their_network_wait(
    forger: Forger, settings: Settings
) -> None:
    forger.claims = {"nonce": "of another asking"}
    free = tries.RULES[tries.Whose.ADDRESS].free
    for _ in range(free):
        _client, answer = tried(forger)
        assert answer.status_code == 400
    _client, answer = tried(forger)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert len(forger.sent) == free
    row = FailedSignIns.objects.get()
    assert (row.secret, row.count) == ("city", free)


def test_where_all_places_are_taken_nothing_is_lost(
    forger: Forger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing_places, "CITY_SIGN_ON", hashing_places.Places(0))
    _client, answer = tried(forger)
    assert answer.status_code == 503
    assert not forger.sent
