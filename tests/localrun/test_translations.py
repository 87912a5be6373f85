"""Translations are compiled without gettext, once, and completely or not at all."""

import gettext
import os
import re
from pathlib import Path

import pytest

from config.translations import (
    LOCALE,
    TranslationError,
    compile_translations,
    straight_apostrophes,
    untranslated,
)

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
KEY = 'msgid "key"\nmsgstr "sleutel"\n\n'


def put(locale: Path, text: str, language: str = "nl") -> Path:
    source = locale / language / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(HEAD + text)
    return source


def test_a_compiled_text_is_found(tmp_path: Path) -> None:
    put(tmp_path, KEY)
    assert len(compile_translations(tmp_path)) == 1
    dutch = gettext.translation("django", tmp_path, languages=["nl"])
    assert dutch.gettext("key") == "sleutel"


def test_only_what_changed_is_compiled_again(tmp_path: Path) -> None:
    source = put(tmp_path, KEY)
    compile_translations(tmp_path)
    assert compile_translations(tmp_path) == []
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert len(compile_translations(tmp_path)) == 1


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, 'msgid "key"\nsleutel\n')
    with pytest.raises(TranslationError, match=r"django\.po.* on \d+"):
        compile_translations(tmp_path)
    assert not list(tmp_path.rglob("*.mo*"))


def test_missing_and_doubtful_translations_are_listed(tmp_path: Path) -> None:
    doubtful = '#, fuzzy\nmsgid "desk"\nmsgstr "tafel"\n\n'
    plural = 'msgid "day"\nmsgid_plural "days"\nmsgstr[0] "dag"\nmsgstr[1] ""\n\n'
    put(tmp_path, KEY + 'msgid "code"\nmsgstr ""\n\n' + doubtful + plural)
    assert [line.rpartition(": ")[2] for line in untranslated(tmp_path)] == [
        "'code'",
        "'desk'",
        "('day', 'days')",
    ]


def test_french_has_one_apostrophe(tmp_path: Path) -> None:
    """A straight one is right only inside a tag, where it is HTML's, and in English."""
    curly = "L\N{RIGHT SINGLE QUOTATION MARK}heure"
    put(
        tmp_path,
        f'msgid "time\'s"\nmsgstr "{curly}"\n\n'
        f'msgid "link"\nmsgstr "<a href=\'x\'>{curly}</a>"\n\n'
        'msgid "day"\nmsgid_plural "days"\nmsgstr[0] "jour"\nmsgstr[1] "l\'heure"\n\n',
        language="fr",
    )
    assert [line.rpartition(": ")[2] for line in straight_apostrophes(tmp_path)] == [
        '"l\'heure"'
    ]


def test_the_french_of_the_pages_keeps_to_it() -> None:
    assert straight_apostrophes() == []


def test_the_dutch_of_the_pages_calls_everybody_je() -> None:
    source = LOCALE / "nl" / "LC_MESSAGES" / "django.po"
    texts = re.findall(r'^msgstr(?:\[.\])? "(.*)"$', source.read_text(), re.MULTILINE)
    assert len(texts) > 1000
    assert [text for text in texts if re.search(r"\b[Uu](w|zelf)?\b", text)] == []
