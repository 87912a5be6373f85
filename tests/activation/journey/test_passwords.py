"""A password is long, has any characters, and is none that everybody would try."""

import pytest

from activation.journey import passwords
from activation.journey.passwords import PasswordRefusedError
from activation.models import KeyHolder

KNOWN = (
    *("pjanssens", "peter@example.org", "Peter Jan", "Janssens"),
    *("Stadskantoor Leuven", "Stad Leuven", "Leuven"),
    "Professor Van Overstraetenplein 1",
)


@pytest.mark.parametrize(
    "password",
    [
        "vier gewone paarse koeien",
        "correct horse battery",
        "Zq8!xk2@Lw9#",
        "пароль для ключа один",
        "a" * 5 + "bcdefghi" + "€" * 100,
        "peter houdt van koffie",
        "mijn sleutel ligt onder de mat",
        "ma cl\u00e9 est sous le paillasson",
        "👵🏽 oma bakt graag taart",
        "x" * 60 + "qwertyzuiop asdf 1234",
    ],
)
def test_any_characters_will_do(password: str) -> None:
    passwords.check(password, known_words=KNOWN)


@pytest.mark.parametrize(
    "password", ["", "kort", "elf tekens!", "x9k2" * 33, "e\u0301" * 6 + "12345"]
)
def test_too_short_or_too_long(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        passwords.check(password, known_words=KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "PASSWORD12345!",
        "123456789012",
        "qwertyuiop1234",
        "azertyuiopqsdf",
        "aaaaaaaaaaaa",
        "111111111111",
        "abcabcabcabc",
        "welcome2026!!",
        "michaeljackson",
        "abcdefghijklm",
    ],
)
def test_common_ones_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        passwords.check(password, known_words=KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "leuvenleuven1",
        "Sleutel-2026-!!",
        "peter.janssens1985",
        "pjanssens123456",
        "peter@example.org",
        "sleutelloket!",
        "JanssensPeter",
        "LEUVEN sleutel",
        "stadskantoorleuven",
        "digitalesleutel",
        "Mijn Digitale Sleutels!",
        "activatiecode2026",
        "van overstraetenplein",
        "cl\u00e9num\u00e9rique2026",
        "cle numerique",
        "ville mot de passe",
        "meinDigitalerSchl\u00fcssel",
        "Stadt Leuven Passwort",
        "my digital key 123",
        "City Office Password",
    ],
)
def test_what_anyone_knows_of_the_person_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        passwords.check(password, known_words=KNOWN)


def test_a_refusal_never_repeats_the_password() -> None:
    with pytest.raises(PasswordRefusedError) as refused:
        passwords.check("leuvenleuven1", known_words=KNOWN)
    assert "leuvenleuven1" not in str(refused.value)


def test_two_keyboards_that_spell_a_letter_differently_agree() -> None:
    holder = KeyHolder()
    holder.set_password("cafe\u0301 au lait chaud")
    assert holder.check_password("caf\u00e9 au lait chaud")
    assert not holder.check_password("cafe au lait chaud")
    assert holder.password.startswith("argon2")
