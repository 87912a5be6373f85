"""The list of common passwords, which the page uses while a password is typed."""

import gzip

import pytest
from django.test import Client

from activation.journey import passwords
from tests.activation.helpers import path

PACKED = {"accept-encoding": "gzip, deflate, br"}


def test_browsers_take_it_packed_and_others_as_it_is(client: Client) -> None:
    packed = client.get(path("common_passwords"), headers=PACKED)
    plain = client.get(path("common_passwords"))
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert gzip.decompress(packed.content) == plain.content
    assert "qwerty" in plain.content.decode().split("\n")


@pytest.mark.parametrize("headers", [PACKED, {}])
def test_no_cache_gives_the_packed_one_to_who_cannot_read_it(
    client: Client, headers: dict[str, str]
) -> None:
    response = client.get(path("common_passwords"), headers=headers)
    assert "Accept-Encoding" in response["Vary"]
    known = {**headers, "if-none-match": response["ETag"]}
    again = client.get(path("common_passwords"), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Encoding" in again["Vary"]
    assert again["Cache-Control"] == response["Cache-Control"]


def test_the_two_have_tags_of_their_own(client: Client) -> None:
    packed = client.get(path("common_passwords"), headers=PACKED)
    known = {"if-none-match": packed["ETag"]}
    assert client.get(path("common_passwords"), headers=known).status_code == 200


def test_a_browser_keeps_it_for_a_day(client: Client) -> None:
    response = client.get(path("common_passwords"), headers=PACKED)
    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies


def test_asking_often_packs_nothing_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask for the list as often as they like, so this has to be cheap."""
    client.get(path("common_passwords"), headers=PACKED)

    def pack(*_args: object, **_options: object) -> bytes:
        raise AssertionError("75 KB were packed again.")

    monkeypatch.setattr(gzip, "compress", pack)
    for _turn in range(3):
        assert client.get(path("common_passwords"), headers=PACKED).content
    first = passwords.common_for_browsers(packed=True)
    assert first is passwords.common_for_browsers(packed=True)
