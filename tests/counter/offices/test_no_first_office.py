"""No page guesses an office."""

import re

from tests.own_files import ROOT, files
from tests.test_sizes import PRODUCT


def test_nothing_takes_the_first_office() -> None:
    """The address says which office, or there is only one (see `of_request`)."""
    taken = re.compile(
        r"Office\.objects(?:\s*\.\w+\([^()]*\))*\s*\.(?:first|earliest)\("
    )
    by_word = "Office.objects.filter(slug="
    wrong = []
    for path in files():
        where = path.relative_to(ROOT)
        if path.suffix == ".py" and where.parts[0] in PRODUCT:
            queries = taken.findall(path.read_text())
            wrong += [str(where) for query in queries if not query.startswith(by_word)]
    assert wrong == []
