"""The page reads numbers as the server does."""

from pathlib import Path

from playwright.sync_api import Page

from counter.identity import typed_digits
from tests.activation.separators import MISTAKES, SEPARATORS
from tests.browser.chromium import (
    IN_CHROMIUM,
    browser_type_launch_args,
    database_beside_playwright,
)
from tests.counter.identity.test_typed import AMOUNTS, COUNTS, ZEROES, in_script

__all__ = ["browser_type_launch_args", "database_beside_playwright"]

pytestmark = [*IN_CHROMIUM]

SCRIPT = Path(__file__).parents[3] / "static" / "js" / "typed.js"


def test_the_page_and_the_server_read_the_same(page: Page) -> None:
    page.goto("about:blank")
    page.add_script_tag(path=SCRIPT)
    strange = ["\u00b2", "\u2460", "\u00bd", "\u2167", "\u212a", "\ufb01", "\u0130"]
    texts = [
        *(f"12{sign}34" for sign in [*SEPARATORS.values(), *MISTAKES, *strange]),
        *(in_script("0123456789", zero) for zero in ZEROES.values()),
        *AMOUNTS,
        *COUNTS,
    ]
    read = page.evaluate(
        """texts => texts.map((text) => [
            Typed.plain(text),
            Typed.withoutSeparators(text),
            Typed.cents(text),
            Typed.count(text),
        ])""",
        texts,
    )
    assert read == [
        [
            typed_digits.plain(text),
            typed_digits.without_separators(text),
            typed_digits.cents(text),
            typed_digits.count(text),
        ]
        for text in texts
    ]
