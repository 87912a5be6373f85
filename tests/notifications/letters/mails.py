"""Each mail to applicants and holders, with everything filled in."""

import datetime
from collections.abc import Callable
from html.parser import HTMLParser

from activation.enums import Change, KeyKind, Purpose
from activation.letters.wording import OfficeContact
from notifications.letters import texts, texts_keys
from notifications.letters.composing import Message
from notifications.letters.texts_keys import EndingKey

OFFICE = OfficeContact(
    name="Stadskantoor Leuven",
    address="Professor Van Overstraetenplein 1",
    postal_code="3000",
    city="Leuven",
    phone="016 27 27 27",
    help_phone="02 740 79 91",
    email="info@leuven.example",
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
    return texts_keys.key_activated(
        name=name,
        kind=kind,
        valid_until=TEN_YEARS_ON,
        link=LINK,
        language=language,
        office=OFFICE,
    )


def key_expiry(
    language: str,
    name: str = NAME,
    key_name: str = "oude telefoon",
    *,
    has_another: bool = False,
    office: OfficeContact = OFFICE,
) -> Message:
    ending = EndingKey(
        kind=KeyKind.APP,
        name=key_name,
        valid_until=TEN_YEARS_ON,
        has_another=has_another,
        years=10,
    )
    return texts_keys.key_expiry_reminder(
        ending, name=name, link=LINK, language=language, office=office
    )


def holder_changed(
    language: str,
    name: str = NAME,
    change: str = Change.KEY_ADDED,
    kind: str = KeyKind.SMS,
) -> Message:
    return texts_keys.holder_changed(
        name=name,
        change=change,
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
    """A mail's HTML: its tags, and its words with the language of each."""

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
