"""A fault that axe finds is reported, also on a page like one without a fault."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import (
    IN_CHROMIUM,
    assert_axe_finds_nothing,
    browser_type_launch_args,
)

__all__ = ["browser_type_launch_args"]

pytestmark = [*IN_CHROMIUM]

GOOD = """<!doctype html><html lang="nl"><head><title>Loket</title></head>
<body><main><h1>Dag {name}</h1><button>{button}</button></main></body></html>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_a_button_without_words_beside_pages_without_a_fault(page: Page) -> None:
    for name in ("Peter", "Anna"):
        page.set_content(GOOD.format(name=name, button="Verder"))
        assert_axe_finds_nothing(page, name)
    for _again in range(2):
        page.set_content(GOOD.format(name="Peter", button=""))
        with pytest.raises(AssertionError, match="button-name"):
            assert_axe_finds_nothing(page, "no words")


def test_letters_that_can_hardly_be_read(page: Page) -> None:
    page.set_content(GOOD.format(name="Peter", button="Verder"))
    assert_axe_finds_nothing(page, "Peter")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_axe_finds_nothing(page, "pale")
