"""Messages say what their digits are for, to warn whom somebody asks for them."""

import re
from functools import partial

import pytest

from activation.enums import Purpose
from notifications.letters import texts
from tests.notifications.letters.mails import (
    LANGUAGES,
    OFFICE,
    TRANSLATIONS,
    one_time_code,
)
from tests.notifications.letters.test_texts_sms import GSM

FOR = {
    Purpose.ACTIVATE: ("nieuwe sleutel", "nouvelle clé", "neuen Schlüssel", "new key"),
    Purpose.SIGN_IN: ("aan te melden", "connecter", "zum Anmelden", "to sign in"),
    Purpose.CONFIRM: ("een wijziging", "un changement", "eine Änderung", "a change"),
    Purpose.EMAIL: (
        *("nieuwe e-mailadres", "nouvelle adresse"),
        *("neue E-Mail-Adresse", "new e-mail address"),
    ),
    Purpose.RECOVER: (
        *("een nieuw wachtwoord", "nouveau mot de passe"),
        *("ein neues Passwort", "a new password"),
    ),
}
NOBODY = (
    *("Niemand van de stad vraagt", "Personne de la ville ne vous demande"),
    *("Niemand von der Stadt fragt", "Nobody of the city asks"),
)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(("number", "language"), list(enumerate(LANGUAGES)))
def test_a_mail_says_what_its_digits_are_for(
    purpose: Purpose, number: int, language: str
) -> None:
    mail = one_time_code(language, purpose=purpose)
    for place in {0, number}:
        assert FOR[purpose][place] in mail.subject
        assert NOBODY[place] in mail.text.replace("\n", " ")
    for sentence in re.split(r"(?<=[.?!:])\s|\n", mail.text):
        assert len(sentence.split()) <= 15, sentence


def test_no_two_purposes_read_the_same() -> None:
    for language in LANGUAGES:
        read = {one_time_code(language, purpose=purpose).text for purpose in Purpose}
        assert len(read) == len(Purpose)


@pytest.mark.parametrize(
    "purpose", [purpose for purpose in Purpose if purpose != Purpose.EMAIL]
)
@pytest.mark.parametrize(("number", "language"), list(enumerate(LANGUAGES)))
def test_an_sms_says_it_too_in_one_part(
    purpose: Purpose, number: int, language: str
) -> None:
    sms = partial(texts.one_time_code_sms, code="402817", purpose=purpose)
    written = sms(language=language, office=OFFICE)
    print(f"{purpose} {language}: {len(written)} (bound {texts.SMS_LENGTH})")
    assert len(written) <= texts.SMS_LENGTH
    assert GSM.fullmatch(written)
    dutch, *translation = written.split("\n")
    assert FOR[purpose][0] in dutch
    assert len(translation) == (language in TRANSLATIONS)
    assert FOR[purpose][number] in written
