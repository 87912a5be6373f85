"""The search for secrets that were typed finds each, however it is written."""

import pytest

from tests import cast
from tests.browser.walks.planted import Planted, digits, spelled, whole


@pytest.mark.parametrize(
    "text",
    [
        "number=85073003328 ",
        "85.07.30-033.28",
        "850730-033-28",
        "?q=85%2007%2030%20033%2028",
        "850730 033 28",
        "to PETER@Example.org",
        "?to=peter%40example.org",
        "{'digits': '123456'}",
        "code 123456.",
    ],
)
def test_it_is_found(text: str) -> None:
    assert planted().found_in(["first", text])


def test_a_clock_and_an_id_are_not_meant() -> None:
    assert not planted().found_in(["2026-01-01T10:00:00.123456", "id=ab123456cd"])


def planted() -> Planted:
    return Planted(
        {
            "number": spelled(cast.PETER_NUMBER),
            "address": whole("peter@example.org"),
            "code": digits("123456"),
        }
    )
