"""Looking at every page for the public: in four languages, small and large.

A walk opens pages and checks each with `Visitor.look`, which asserts that the template
of that page was drawn. No page can be forgotten (test_no_page_is_forgotten).
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template import Template
from django.test.signals import template_rendered
from playwright.sync_api import Page

from tests.browser.chromium import assert_axe_finds_nothing
from tests.browser.walks.ways import MOVES, OUTSIDE, OVERFLOWS
from tests.size import SOAK

LANGUAGES: Final = ("nl", "fr", "de", "en")
#: The languages in which axe checks a page. Axe takes most of the time, and the words
#: hardly matter to it, so only `make soak` has all four languages.
WITH_AXE: Final = LANGUAGES if SOAK else ("de",)
# SCREENSHOTS=/some/directory keeps a picture of each page in each language and width.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
TEMPLATES = Path(settings.BASE_DIR) / "templates"
ROOMS: Final = ("journey", "holder", "public", "web")
#: The main button of a page's form.
MAIN_BUTTON: Final = "main form :is(.btn-primary, .btn-danger)"


def page_templates() -> set[str]:
    """Every page of the public's rooms; a template with _ before its name is a part."""
    pages = (
        path.relative_to(TEMPLATES).as_posix()
        for room in ROOMS
        for path in (TEMPLATES / "activation" / room).rglob("*.html")
        if not path.name.startswith("_")
    )
    errors = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    return set(pages) | errors


PAGES: Final = frozenset(page_templates())


@contextmanager
def listening(drawn: list[str]) -> Iterator[None]:
    """Append to `drawn` each page that the server draws in this process."""

    def hear(sender: Template, template: Template, **_rest: Any) -> None:
        if template.name in PAGES:
            drawn.append(str(template.name))

    template_rendered.connect(hear)
    yield
    template_rendered.disconnect(hear)


@dataclass
class Visitor:
    """Somebody with a small screen; without `scripts` the pages only have to work."""

    page: Page
    site: str
    scripts: bool
    drawn: list[str]

    def goto(self, path: str) -> None:
        self.page.goto(self.site + path)

    def press(self, button: str = MAIN_BUTTON, **typed: str) -> None:
        """Fill in the fields by name, and press."""
        for name, value in typed.items():
            self.page.fill(f"[name={name}]", value)
        self.page.locator(button).first.click()
        self.page.wait_for_load_state()

    def choose(self, kind: str) -> None:
        self.page.locator(f"label[for=kind_{kind}]").click()
        self.press()

    def look(self, template: str, *, languages: tuple[str, ...] = LANGUAGES) -> None:
        """Check this page in these languages; without any as it is, after a form.

        Afterwards the visitor is on the same page, in the same language.
        """
        here = self.page.url
        template = template if "/" not in template else f"activation/{template}"
        assert template in self.drawn, (template, self.drawn, here)
        if self.scripts:
            if not languages:
                self.look_as_it_is(template)
            for language in languages:
                self.page.goto(
                    re.sub("/(nl|fr|de|en)/", f"/{language}/", here, count=1)
                )
                assert self.drawn[-1] == template, (template, self.drawn[-1], here)
                self.look_as_it_is(template)
            if languages:
                self.page.goto(here)
        self.drawn.clear()

    def look_as_it_is(self, template: str) -> None:
        """Check sideways scrolling, narrow and at 200 %; check axe, light and dark."""
        page = self.page
        language = page.locator("html").get_attribute("lang")
        name = f"{template} {language}"
        page.wait_for_load_state()
        assert page.locator("h1").count() == 1, name
        page.set_viewport_size({"width": 320, "height": 700})
        assert not page.evaluate(OVERFLOWS), (name, page.evaluate(OUTSIDE))
        keep_picture(page, name)
        # 1280 pixels at 200 %, and letters twice as large.
        page.set_viewport_size({"width": 640, "height": 700})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(MOVES), name
        assert not page.evaluate(OVERFLOWS), (name, page.evaluate(OUTSIDE))
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 390, "height": 844})
        if language not in WITH_AXE:
            return
        assert_axe_finds_nothing(page, name)
        page.emulate_media(color_scheme="dark")
        assert not page.evaluate(MOVES), name
        assert_colours_can_be_told_apart(page, name)
        page.emulate_media(color_scheme="light")


def in_language(address: str, language: str) -> str:
    return re.sub("/(nl|fr|de|en)/", f"/{language}/", address, count=1)


_told_apart: set[str] = set()


def assert_colours_can_be_told_apart(page: Page, name: str) -> None:
    """Check the contrast of the dark page with axe; all else is as in the light one."""
    shape = re.sub(r">[^<]+<|\"[^\"]*[0-9=?/][^\"]*\"", "", page.content())
    if shape in _told_apart:
        return
    options = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{name} dark\n{results.generate_report()}"
    _told_apart.add(shape)


def keep_picture(page: Page, name: str) -> None:
    if not SCREENSHOTS:
        return
    stem = name.removeprefix("activation/").replace("/", "-").replace(".html", "")
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        picture = Path(SCREENSHOTS) / f"{stem} {width}.png"
        page.screenshot(path=picture, full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=Path(SCREENSHOTS) / f"{stem} dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
