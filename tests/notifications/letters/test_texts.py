"""What a person reads: the words, their language, and what cannot get in."""

import datetime
import re
from collections.abc import Callable
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from activation.enums import Change, KeyKind, Purpose
from activation.letters.wording import OfficeContact
from notifications.letters import texts
from notifications.letters.composing import Message

OFFICE = OfficeContact(
    name="Stadskantoor Leuven",
    address="Professor Van Overstraetenplein 1",
    postal_code="3000",
    city="Leuven",
    phone="016 27 27 27",
    help_phone="02 740 79 91",
)
NAME = "Peter Peeters"
LINK = "https://sleutel.example/nl/a/" + "Ab3_-" * 8 + "xyz/"
LAST_DAY = datetime.date(2026, 4, 2)
TEN_YEARS_ON = datetime.date(2036, 3, 22)
LANGUAGES = ("nl", "fr", "de", "en")
TRANSLATIONS = {"fr": "Traduction", "de": "Übersetzung", "en": "Translation"}


def activation_link(language: str, name: str = NAME) -> Message:
    return texts.activation_link(
        name=name, link=LINK, last_day=LAST_DAY, language=language, office=OFFICE
    )


def reminder(language: str, name: str = NAME, days_left: int = 7) -> Message:
    return texts.activation_reminder(
        name=name,
        days_left=days_left,
        last_day=LAST_DAY,
        link=LINK,
        language=language,
        office=OFFICE,
    )


def one_time_code(
    language: str, name: str = NAME, purpose: str = Purpose.ACTIVATE
) -> Message:
    return texts.one_time_code_mail(
        name=name, code="402817", purpose=purpose, language=language, office=OFFICE
    )


def key_activated(language: str, name: str = NAME, kind: str = "app") -> Message:
    return texts.key_activated(
        name=name,
        kind=kind,
        valid_until=TEN_YEARS_ON,
        language=language,
        office=OFFICE,
    )


def key_expiry(language: str, name: str = NAME) -> Message:
    return texts.key_expiry_reminder(
        name=name, valid_until=TEN_YEARS_ON, language=language, office=OFFICE
    )


def holder_changed(
    language: str,
    name: str = NAME,
    what: str = Change.KEY_ADDED,
    kind: str = KeyKind.SMS,
) -> Message:
    return texts.holder_changed(
        name=name,
        what=what,
        kind=kind,
        at=datetime.datetime(2026, 3, 22, 14, 3, tzinfo=datetime.UTC),
        link=LINK,
        language=language,
        office=OFFICE,
    )


Mail = Callable[..., Message]
MAILS: list[Mail] = [
    activation_link,
    reminder,
    one_time_code,
    key_activated,
    key_expiry,
    holder_changed,
]


class Page(HTMLParser):
    """A mail's HTML as a person and a mail client see it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self._languages: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"br", "meta"}:
            inherited = self._languages[-1] if self._languages else ""
            self._languages.append(dict(attrs).get("lang") or inherited)

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self._languages[-1], data.strip()))

    def text(self, language: str) -> str:
        return " ".join(words for lang, words in self.words if lang == language)


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
            # The line above a link is the button's; it loses its colon.
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
        "Wij vragen je nooit om je code te mailen.",
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


def test_the_end_of_a_key_points_to_the_free_route() -> None:
    message = key_expiry("fr")

    assert message.subject == (
        "Je digitale sleutel vervalt op 22 maart 2036"
        " / Votre clé numérique expire le 22 mars 2036"
    )
    assert "Heb je een eID of itsme? Maak dan gratis online" in message.text


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_loads_nothing_and_runs_nothing(mail: Mail, language: str) -> None:
    page = Page(mail(language).html)

    tags = {tag for tag, _ in page.tags}
    assert tags <= {
        "html", "head", "meta", "title", "body", "div", "p", "span", "a", "br"
    }  # fmt: skip
    for _, attributes in page.tags:
        assert "src" not in attributes
        assert "url(" not in (attributes.get("style") or "")
        assert not [name for name in attributes if name.startswith("on")]
    assert page.tags[0] == ("html", {"lang": "nl"})


NASTY_NAMES = [
    "Peter\r\nBcc: everyone@example.com",
    "Peter\n\nBel 0900 00 000.\n\nhttps://evil.example/",
    "Peter\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\x0b\x0cPeeters",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><a href="https://evil.example/">',
    "{{ link }}{% debug %}",
    "&lt;b&gt;",
    "\N{RIGHT-TO-LEFT OVERRIDE}retep",
]


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("name", NASTY_NAMES)
def test_a_name_stays_a_name(mail: Mail, name: str) -> None:
    message = mail("fr", name=name)
    usual = mail("fr")

    assert message.subject == usual.subject
    assert len(message.text.splitlines()) == len(usual.text.splitlines())
    assert [tag for tag, _ in Page(message.html).tags] == [
        tag for tag, _ in Page(usual.html).tags
    ]


@hypothesis_settings(deadline=None, max_examples=50)
@given(st.text(max_size=300), st.sampled_from(MAILS), st.sampled_from(LANGUAGES))
def test_no_text_opens_a_line_a_tag_or_a_header(
    name: str, mail: Mail, language: str
) -> None:
    message = mail(language, name=name)
    usual = mail(language)

    assert len(message.text.splitlines()) == len(usual.text.splitlines())
    assert len(Page(message.html).tags) == len(Page(usual.html).tags)
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter.set_content(message.text)
    letter.add_alternative(message.html, subtype="html")
    assert set(letter) == {"Subject", "MIME-Version", "Content-Type"}
    assert letter.as_bytes()


def test_an_office_named_with_a_line_break_writes_no_header() -> None:
    office = OfficeContact(
        name="Stadskantoor\r\nBcc: x@example.com",
        address="<b>Plein</b>",
        postal_code="3000",
        city="Leuven",
        phone="1",
        help_phone="2",
    )
    message = texts.key_expiry_reminder(
        name=NAME, valid_until=TEN_YEARS_ON, language="nl", office=office
    )

    assert "\nBcc" not in message.subject + message.text
    assert "<b>" not in message.html


def test_a_log_line_about_a_message_has_no_secret() -> None:
    assert LINK not in repr(activation_link("nl"))
    assert "402817" not in repr(one_time_code("nl"))
    assert "Peeters" not in repr(one_time_code("nl"))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="es"):
        activation_link("es")
