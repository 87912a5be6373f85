"""docs/glossary.md has the words that are on the screens.

tests/documents/test_citations.py checks that its names of code exist.
"""

import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?!Dutch )([^|]+?) \| ([^|]+?) \| `", re.MULTILINE)
# Words that no screen has alone, with the text that has them.
PART_OF_A_SENTENCE = {"slip": "The slip"}


@pytest.mark.parametrize(("dutch", "english"), ROW.findall(PAGE.read_text()))
def test_a_word_is_the_screens_own(dutch: str, english: str) -> None:
    sentence = PART_OF_A_SENTENCE.get(english, english)
    with override("nl"):
        translated = gettext(sentence)
    assert translated.endswith(dutch), translated
