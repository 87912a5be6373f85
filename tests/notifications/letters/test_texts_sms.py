"""Text messages have Dutch first, fit in one part, and use the alphabet of phones."""

import re

import pytest

from activation.enums import Purpose
from activation.letters.wording import OfficeContact
from notifications.letters import texts
from tests.notifications.letters.mails import LANGUAGES, OFFICE, TRANSLATIONS

GSM = re.compile(r"[@£$¥èéùìòÇØøÅåÄÖÑÜäöñüàß\n\w .,:;'()/?!-]*", re.ASCII)


def sms(language: str, office: OfficeContact = OFFICE) -> str:
    return texts.one_time_code_sms(
        code="402817", purpose=Purpose.SIGN_IN, language=language, office=office
    )


def office_named(name: str) -> OfficeContact:
    return OfficeContact(
        name=name, address="", postal_code="", city="", phone="", help_phone=""
    )


def test_an_sms_says_who_it_is_from_and_all_in_dutch() -> None:
    assert sms("nl") == (
        "Stadskantoor Leuven: code 402817 om je aan te melden, 10 min."
        " Geef hem aan niemand."
    )


@pytest.mark.parametrize(("language", "mark"), TRANSLATIONS.items())
def test_an_sms_has_dutch_then_its_translation_in_one_part(
    language: str, mark: str
) -> None:
    dutch, translation = sms(language).split("\n")

    assert dutch == sms("nl")
    assert translation.startswith(f"{mark}: ")
    assert len(sms(language)) <= texts.SMS_LENGTH
    assert GSM.fullmatch(sms(language))


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_office_name_is_cut_and_never_left_out(
    language: str, purpose: Purpose
) -> None:
    office = office_named("Administratief Centrum Sint-Pieters-Leeuw aan de Zenne")
    long = texts.one_time_code_sms(
        code="402817", purpose=purpose, language=language, office=office
    )
    assert long.startswith("Administratief Centrum")
    assert len(long.split("\n")) == (1 if language == "nl" else 2)
    assert len(long) <= texts.SMS_LENGTH


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", "Stadskantoor Čeština 王 \n x", "W" * 300])
def test_an_sms_is_always_one_part_in_its_alphabet(language: str, name: str) -> None:
    written = sms(language, office_named(name))

    assert "402817" in written
    assert len(written) <= texts.SMS_LENGTH
    assert GSM.fullmatch(written)
    assert set(written) <= texts._GSM


def test_an_accent_unknown_to_sms_is_taken_off() -> None:
    assert sms("nl", office_named("Château de Čapek")).startswith("Chateau de Capek: ")
