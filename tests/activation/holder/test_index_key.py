"""The index key is replaced as docs/keys.md says, and a known number stays known."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from activation.enums import KeyKind, Purpose
from activation.exceptions import TooManyCodesError
from activation.holder import account, own_keys
from activation.holder.exceptions import SameKeyError
from activation.models import DigitalKey, KeyHolder, OneTimeCode
from activation.one_time import holder_codes
from activation.one_time.digits import one_time_text
from counter.crypto import rotation
from counter.models import Clerk
from tests.activation.holder.helpers import MOBILE, make_anna, make_key

A, B = secrets.token_bytes(32), secrets.token_bytes(32)


def rotate() -> str:
    output = StringIO()
    call_command("rotate_keys", stdout=output, stderr=StringIO())
    return output.getvalue()


def check() -> None:
    call_command("check", "--database", "default", stderr=StringIO())


#: For each step of docs/keys.md: the index keys, and the command to run.
STEPS: tuple[tuple[dict[str, bytes], Callable[[], object]], ...] = (
    ({"a": A, "b": B}, str),
    ({"b": B, "a": A}, str),
    ({"b": B, "a": A}, rotate),
    ({"b": B}, check),
    ({"b": B}, rotate),
)


@pytest.fixture(autouse=True)
def old_key(settings: Settings) -> None:
    settings.INDEX_KEYS = {"a": A}


@pytest.fixture
def sms(holder: KeyHolder, old_key: None) -> DigitalKey:
    return make_key(holder, KeyKind.SMS)


def ask_again(holder: KeyHolder) -> None:
    own_keys.set_up_key(
        holder=holder, kind=KeyKind.SMS, destination=MOBILE, at=timezone.now()
    )


def ask_for_digits(holder: KeyHolder, key: DigitalKey, at: datetime) -> None:
    holder_codes.request_code(holder=holder, key=key, purpose=Purpose.CONFIRM, at=at)


def test_a_number_gives_no_second_key_at_any_step(
    holder: KeyHolder, sms: DigitalKey, settings: Settings
) -> None:
    for ring, command in STEPS:
        settings.INDEX_KEYS = ring
        command()
        with pytest.raises(SameKeyError):
            ask_again(holder)
    assert holder.keys.count() == 1


def test_messages_to_a_number_are_counted_together_at_every_step(
    holder: KeyHolder, sms: DigitalKey, els: Clerk, settings: Settings
) -> None:
    """Five messages an hour, whoever asks; a new index key gives nobody five more."""
    anna = make_anna(els, email="anna@example.org")
    hers = make_key(anna, KeyKind.SMS)
    turns = ((holder, sms), (anna, hers))
    start = timezone.now()
    for number, (ring, command) in enumerate(STEPS):
        settings.INDEX_KEYS = ring
        command()
        whose, key = turns[number % 2]
        key.refresh_from_db()
        ask_for_digits(whose, key, start + timedelta(minutes=number))
    with pytest.raises(TooManyCodesError):
        ask_for_digits(anna, hers, start + timedelta(minutes=10))


@pytest.mark.parametrize("step", [1, 2, 3])
def test_digits_that_are_under_way_are_still_right(
    holder: KeyHolder, sms: DigitalKey, settings: Settings, step: int
) -> None:
    """The index keys change between the message and the person's answer."""
    sent = account.ask_for_email(
        holder=holder, email="nieuw@example.org", at=timezone.now()
    )
    for ring, command in STEPS[:step]:
        settings.INDEX_KEYS = ring
        command()
    account.confirm_email(holder=holder, typed=one_time_text(sent), at=timezone.now())
    holder.refresh_from_db()
    assert holder.email == "nieuw@example.org"


def test_what_went_to_an_address_that_is_another_one_now_stays_as_it_was(
    holder: KeyHolder, settings: Settings
) -> None:
    at = timezone.now()
    sent = holder_codes.request_code(holder=holder, purpose=Purpose.RECOVER, at=at)
    KeyHolder.objects.update(email="other@example.org")
    settings.INDEX_KEYS = {"b": B, "a": A}
    rotate()
    kept = OneTimeCode.objects.get(pk=sent.pk)
    assert bytes(kept.destination_index) == bytes(sent.destination_index)


def test_a_key_dropped_too_early_is_told_and_mended(
    holder: KeyHolder, sms: DigitalKey, settings: Settings
) -> None:
    check()
    settings.INDEX_KEYS = {"b": B}
    with pytest.raises(CommandError, match=r"activation\.DigitalKey.*"):
        check()
    assert rotation.remaining(DigitalKey) == 1
    assert "activation.DigitalKey: 1 written" in rotate()
    check()
    assert rotation.remaining(DigitalKey) == 0
    assert "activation.DigitalKey: 0 written" in rotate()
    with pytest.raises(SameKeyError):
        ask_again(holder)
