"""docs/glossary.md says the words that screens say.

That its names of the code are there is for tests/documents/test_citations.py.
"""

import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?!Dutch )([^|]+?) \| ([^|]+?) \| `", re.MULTILINE)
# Never alone on a screen.
PART_OF_A_SENTENCE = {"slip": "The slip"}


@pytest.mark.parametrize(("dutch", "english"), ROW.findall(PAGE.read_text()))
def test_a_word_is_the_screens_own(dutch: str, english: str) -> None:
    sentence = PART_OF_A_SENTENCE.get(english, english)
    with override("nl"):
        translated = gettext(sentence)
    assert translated.endswith(dutch), translated
