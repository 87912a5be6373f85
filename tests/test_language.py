"""Rules for every sentence that somebody reads, on a page or in a mail."""

import datetime
import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.formats import date_format

from config.translations import LOCALE, ROOT
from notifications.enums import Part

MARKUP = re.compile(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|(?:https?|otpauth):\S*")


def pages(language: str) -> Iterator[str]:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as source:
        for message in read_po(source):
            if message.id and isinstance(message.string, str):
                yield message.string
            elif message.id:
                yield from message.string or ()


def letters(language: str) -> Iterator[str]:
    """The lines of each mail, without the mark of a French subject.

    Text messages are left out: their alphabet does not have all signs.
    """
    for path in sorted((ROOT / "templates" / "notifications").rglob(f"{language}.txt")):
        if not any("sms" in part for part in path.parts):
            for line in path.read_text().splitlines():
                yield line.removeprefix("Objet : ")


def sentences(language: str) -> list[str]:
    texts = [
        text
        for written in (*pages(language), *letters(language))
        if (text := MARKUP.sub("x", written).strip())
    ]
    assert len(texts) > 300
    return texts


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", r"(?<!e-)(?<!rivé)(?<!E-)mailadres|\bMailadres|identiteitsbewijs"),
        ("nl", r"\b[Ll]ot\b|bonnetje|kassabon|\b[Bb]alie\b|sms-gateway|tikfout"),
        ("nl", r"[Nn]ationaal nummer|opgeslagen|juist( ge)?zet|zet .*adres juist"),
        ("nl", r"\b[Dd]e(ze)? account\b|\b[Hh]ou\b|met de kaart(?! van)"),
        ("nl", r"((?<!Je )kan je|Je kan) (er )?niet (meer )?(mee )?aanmelden"),
        ("nl", r"\b(verstuur|bevestigde|schrap) ze\b|\bze (aannam|gebruikt|begonnen)"),
        ("nl", r"\bKwam ze\b|\bZe (werkt|werd|kwam)\b|[Vv]raag (het )?(iemand|wie)"),
        ("nl", r"etaal\w*[^.]* recht(zet|gezet)|\bzet\w* [^.]*\brecht\b"),
        ("nl", r"\b[Uu]w?\b|\b[Kk]unt?\b"),
        ("nl", r"\b(op|vandaag|morgen) (Maan|Dins|Woens|Donder|Vrij|Zater|Zon)dag"),
        ("fr", r"\bapps?\b|\bsignes?\b|ne devez (pas|plus|rien) |devriez"),
        ("fr", r"boîte e-mail|document d’identité|loquez le code"),
        ("de", r"Dann ist Schluss|Schaltfläche|\bBüro|Ausweisdokument|Quittung"),
        ("en", r"\bworks? no more\b|\bfor who\b"),
    ],
)
def test_a_thing_has_one_word(language: str, words: str) -> None:
    assert [s for s in sentences_or_sources(language) if re.search(words, s)] == []


def sentences_or_sources(language: str) -> list[str]:
    """English sentences stand in the code; the catalogues have them as identifiers."""
    if language != "en":
        return sentences(language)
    with (LOCALE / "nl" / "LC_MESSAGES" / "django.po").open("rb") as source:
        texts = [str(message.id) for message in read_po(source) if message.id]
    assert len(texts) > 1000
    return [*texts, *letters("en")]


def test_no_line_breaks_between_the_euro_sign_and_its_amount() -> None:
    """Neither in templates, English sentences nor translations; code calls `euros`."""
    parted = re.compile(r"€[ \n]\s*[-+\d{%]|[)}\d] €")
    written = {
        str(path.relative_to(ROOT)): path.read_text()
        for path in sorted((ROOT / "templates").rglob("*.*"))
    }
    for language in ("nl", "fr", "de"):
        with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as source:
            for entry in read_po(source):
                written[f"{language}: {entry.id}"] = f"{entry.id}\n{entry.string}"
    assert [where for where, text in written.items() if parted.search(text)] == []


def test_no_french_line_breaks_before_its_punctuation() -> None:
    loose = re.compile(r" [?!;:»]|« |[^\W\d_][?!;](?=\s|$)")
    assert [s for s in sentences("fr") if s != ":" and loose.search(s)] == []


def test_a_german_time_of_day_is_followed_by_uhr() -> None:
    bare = re.compile(r"(?:um|bis|[Hh]ier ist es) %\((?:time|now)\)s(?! Uhr)")
    assert [s for s in sentences("de") if bare.search(s)] == []


def test_a_short_date_is_written_as_people_type_it() -> None:
    day = datetime.date(2026, 5, 3)
    for language in ("nl", "en"):
        with translation.override(language):
            assert date_format(day, "SHORT_DATE_FORMAT") == "03/05/2026"


def test_the_delivery_loop_has_a_name_in_dutch() -> None:
    with translation.override("nl"):
        assert Part.DELIVER.label == "verzendlus"


def test_a_translation_is_not_followed_by_the_one_before() -> None:
    """When a text has several lines, gettext's tools write an empty first line. A line
    after one with words is what is left of an older text, and would be shown too.
    """
    glued = re.compile(r'^(msg\w+(?:\[\d\])? "[^\n]+")\n"', re.MULTILINE)
    assert [
        f"{path.relative_to(LOCALE)}: {text}"
        for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
        for text in glued.findall(path.read_text())
    ] == []
