"""What people read in mails: the words and their language."""

import datetime
import re

import pytest

from activation.enums import Change
from notifications.letters import texts_keys
from notifications.letters.composing import in_each
from tests.notifications.letters.mails import (
    LANGUAGES,
    LINK,
    MAILS,
    OFFICE,
    TRANSLATIONS,
    Mail,
    Page,
    activation_link,
    holder_changed,
    key_activated,
    key_expiry,
    one_time_code,
    reminder,
)


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_dutch_is_complete_and_first(mail: Mail, language: str) -> None:
    dutch_alone = mail("nl")
    message = mail(language)

    assert message.text.startswith(dutch_alone.text.rstrip())
    assert message.subject.startswith(dutch_alone.subject)
    assert dutch_alone.text.startswith("Beste Peter Peeters\n")
    assert "Stadskantoor Leuven\nProfessor Van" in dutch_alone.text
    assert "Vertaling" not in dutch_alone.text + dutch_alone.html


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize(("language", "mark"), TRANSLATIONS.items())
def test_the_translation_is_marked_and_in_its_language(
    mail: Mail, language: str, mark: str
) -> None:
    message = mail(language)
    page = Page(message.html)

    assert message.text.count(f"Vertaling / {mark}\n") == 1
    assert " / " in message.subject
    assert page.text(language).startswith(mark)
    assert "Beste" in page.text("nl")
    assert "Beste" not in page.text(language)
    assert "Vertaling" in page.text("nl")


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_both_parts_say_the_same(mail: Mail, language: str) -> None:
    message = mail(language)
    shown = " ".join(words for _, words in Page(message.html).words)

    for line in message.text.splitlines():
        if line and not line.startswith(("---", "Vertaling")):
            # The line above a link is the button's text, which has no colon.
            line = re.sub(r"(?<=\d) (?=\d)", "\xa0", line)  # noqa: PLW2901
            assert line in shown or line.rstrip(":\xa0 ") in shown


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_unfilled_and_no_sentence_is_long(
    mail: Mail, language: str
) -> None:
    message = mail(language)

    assert not re.search(r"[{}]|None|INVALID", message.text + message.subject)
    for sentence in re.split(r"(?<=[.?!:])\s|\n", message.text):
        assert len(sentence.split()) <= 15, sentence


def test_the_activation_mail_says_what_to_do_and_until_when() -> None:
    message = activation_link("fr")

    assert message.subject == (
        "Activeer je digitale sleutel / Activez votre clé numérique"
    )
    for words in (
        f"Activeer je digitale sleutel:\n{LINK}\n",
        "De link werkt tot en met 2 april 2026.",
        "Heb je dit niet gevraagd? Bel 016 27 27 27.",
        "Hulp nodig? Bel 02 740 79 91.",
        "Wij vragen nooit via e-mail naar je code.",
        "Le lien fonctionne jusqu’au 2 avril 2026 inclus.",
    ):
        assert words in message.text
    assert "bis einschließlich 2. April 2026" in activation_link("de").text
    assert "until the end of 2 April 2026" in activation_link("en").text


@pytest.mark.parametrize("mail", [activation_link, reminder])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_is_a_button_and_can_be_copied(mail: Mail, language: str) -> None:
    page = Page(mail(language).html)

    targets = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a"]
    parts = 1 if language == "nl" else 2
    buttons = [target for target in targets if not target.endswith("/not-mine/")]
    assert buttons == [LINK] * parts
    assert [words for _, words in page.words].count(LINK) == parts


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_did_not_ask_finds_a_link_that_is_no_button(language: str) -> None:
    page = Page(activation_link(language).html)

    links = [attrs for tag, attrs in page.tags if tag == "a"]
    stops = [attrs for attrs in links if attrs["href"] == f"{LINK}not-mine/"]
    assert len(stops) == (1 if language == "nl" else 2)
    assert all("background-color" not in (attrs["style"] or "") for attrs in stops)


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (7, "Nog 7 dagen voor je digitale sleutel / Noch 7 Tage für Ihren"),
        (2, "Nog 2 dagen voor je digitale sleutel / Noch 2 Tage für Ihren"),
        (1, "Nog 1 dag voor je digitale sleutel / Noch 1 Tag für Ihren"),
    ],
)
def test_the_reminder_counts_the_days(days: int, subject: str) -> None:
    assert reminder("de", days_left=days).subject.startswith(subject)


def test_the_reminder_says_what_is_needed() -> None:
    text = reminder("nl").text

    assert "Je hebt het blad met je code nodig." in text
    assert "tot en met 2 april 2026" in text
    assert "Blad kwijt? Kom naar Stadskantoor Leuven: Professor Van" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_one_time_code_stands_alone_and_not_in_the_subject(language: str) -> None:
    message = one_time_code(language)

    assert "\n402817\n" in message.text
    assert "402817" not in message.subject
    assert ("nl", "402817") in Page(message.html).words
    assert "10" in message.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("app", "de app op je telefoon"),
        ("sms", "een code in een sms"),
        ("email", "een code in een e-mail"),
    ],
)
def test_the_confirmation_names_the_key_and_its_end(kind: str, words: str) -> None:
    text = key_activated("en", kind=kind).text

    assert f"Je meldt je nu aan met {words}." in text
    assert "Je sleutel vervalt op 22 maart 2036." in text
    assert "Your key expires on 22 March 2036." in text


def test_the_end_of_a_key_says_which_and_how_it_is_replaced_free_of_charge() -> None:
    message = key_expiry("fr")

    assert message.subject == (
        "Je digitale sleutel vervalt op 22 maart 2036"
        " / Votre clé numérique expire le 22 mars 2036"
    )
    for words in (
        "Het is deze sleutel: de app op je telefoon, “oude telefoon”.",
        "Dat is gratis. De nieuwe sleutel werkt weer 10 jaar.",
        f"Meld je aan en vervang je sleutel:\n{LINK}\n",
    ):
        assert words in message.text
    # The counter, which costs money, comes last.
    assert message.text.index(LINK) < message.text.index("nieuwe code van het loket")


def test_who_has_another_key_is_not_sent_to_the_counter() -> None:
    text = key_expiry("nl", has_another=True).text

    assert "Je hebt nog een sleutel, en die werkt langer." in text
    assert "loket" not in text
    assert "deze sleutel: de app op je telefoon." in key_expiry("nl", key_name="").text


@pytest.mark.parametrize("mail", [key_activated, key_expiry])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_for_ten_years_leads_to_one_s_keys(
    mail: Mail, language: str
) -> None:
    page = Page(mail(language).html)
    targets = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert targets == [LINK] * (1 if language == "nl" else 2)


@pytest.mark.parametrize("mail", MAILS)
def test_a_mail_is_the_offices_by_name_and_answers_go_there(mail: Mail) -> None:
    message = mail("nl")
    assert (message.sender, message.reply_to) == (OFFICE.name, OFFICE.email)
    assert Page(message.html).words[1][1] == OFFICE.name


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_telephone_number_is_parted_at_the_end_of_a_line(
    mail: Mail, language: str
) -> None:
    shown = "|".join(words for _, words in Page(mail(language).html).words)
    assert not re.search(r"\d \d", shown)
    assert OFFICE.phone in mail(language).text or OFFICE.help_phone in mail("nl").text


def test_each_change_of_an_account_has_a_subject_of_its_own() -> None:
    same = {Change.OLD_EMAIL: Change.EMAIL}
    for language in LANGUAGES:
        subjects = {
            change: holder_changed(language, change=change).subject
            for change in Change
            if change not in same
        }
        assert len(set(subjects.values())) == len(subjects)


def test_each_language_has_a_link_to_its_own_page() -> None:
    links = in_each("fr", lambda language: f"https://sleutel.example/{language}/keys/")
    message = texts_keys.key_activated(
        name="Peter",
        kind="app",
        valid_until=datetime.date(2036, 3, 22),
        link=links,
        language="fr",
        office=OFFICE,
    )
    buttons = [attrs["href"] for tag, attrs in Page(message.html).tags if tag == "a"]
    assert buttons == [
        f"https://sleutel.example/{spoken}/keys/" for spoken in ("nl", "fr")
    ]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="es"):
        activation_link("es")
