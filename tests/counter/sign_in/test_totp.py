"""The app's digits, against the published vectors of RFC 6238."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from counter.sign_in import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
AT = datetime(2026, 11, 24, 9, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
    ],
)
def test_the_digits_are_those_of_the_standard(seconds: int, eight_digits: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.digits(RFC_SECRET, totp.step_at(at)) == eight_digits[2:]


@pytest.mark.parametrize(
    ("off", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_either_side_is_accepted(off: int, *, accepted: bool) -> None:
    step = totp.step_at(AT) + off
    matched = totp.matching_step(RFC_SECRET, totp.digits(RFC_SECRET, step), at=AT)
    assert matched == (step if accepted else None)


def test_a_step_ends_after_thirty_seconds() -> None:
    assert totp.step_at(AT + timedelta(seconds=14)) == totp.step_at(AT)
    assert totp.step_at(AT + timedelta(seconds=15)) == totp.step_at(AT) + 1


def test_a_secret_has_160_bits_and_no_two_are_the_same() -> None:
    secrets = {totp.new_secret() for _turn in range(100)}
    assert len(secrets) == 100
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_the_uri_says_whose_it_is_and_no_more_than_apps_know() -> None:
    uri = urlsplit(totp.uri(RFC_SECRET, user_name="peter.j", issuer="Stad Leuven"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Stad Leuven:peter.j"
    assert parse_qs(uri.query) == {"secret": [RFC_SECRET], "issuer": ["Stad Leuven"]}


def test_a_secret_is_typed_in_groups_of_four() -> None:
    groups = totp.grouped(RFC_SECRET).split(" ")
    assert len(groups) == 8
    assert {len(group) for group in groups} == {4}
