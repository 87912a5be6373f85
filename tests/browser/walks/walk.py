"""One visit in a browser: its screens, and everything that it leaves behind."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page

from activation.enums import KeyKind
from tests.browser.chromium import assert_axe_finds_nothing, watched
from tests.browser.walks.conftest import Visited
from tests.browser.walks.planted import Planted
from tests.processes.conftest import Process

# SCREENSHOTS=/some/directory keeps a picture of each page.
SCREENSHOTS = os.environ.get("SCREENSHOTS")
# The admin's search field is labelled by a picture with an alternative text, which
# screen readers read; axe, as a matter of best practice, wants a label in letters.
DJANGOS_OWN = ("label-title-only",)


@dataclass
class Walk:
    browser: Browser
    site: str
    house: Visited
    worker: Process
    kind: KeyKind
    language: str
    planted: Planted = field(default_factory=Planted)
    link: str = ""
    code: str = ""
    urls: list[str] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    _contexts: list[BrowserContext] = field(default_factory=list)
    _complaints: list[list[str]] = field(default_factory=list)

    def screen(self, width: int, height: int) -> Page:
        """A page in a new browser, as of another person: it has no cookies yet."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="nl-BE"
        )
        context.on("request", lambda request: self.urls.append(request.url))
        self._contexts.append(context)
        return self.tab(context)

    def tab(self, context: BrowserContext) -> Page:
        page, complaints = watched(context)
        page.on("framenavigated", lambda frame: self.urls.append(frame.url))
        self._complaints.append(complaints)
        return page

    def url(self, name: str, *args: object) -> str:
        with translation.override(self.language):
            return self.site + reverse(name, args=args)

    def about_a_link(self, name: str) -> re.Pattern[str]:
        """A pattern for a step's address: after `?link=` it says for which link."""
        return re.compile(re.escape(self.url(name)) + r"\?link=[0-9a-f]+$")

    def look(self, page: Page, name: str) -> None:
        """Fail when axe or the console complains; note what the sessions hold now."""
        page.wait_for_load_state()
        rules = {rule: {"enabled": False} for rule in DJANGOS_OWN}
        admin = "/admin/" in page.url
        assert_axe_finds_nothing(page, name, rules=rules if admin else None)
        assert self.complaints == [], name
        for session in Session.objects.all():
            self.sessions.add(str(session.get_decoded()))
        if SCREENSHOTS:
            picture = Path(SCREENSHOTS) / f"visit {self.kind} {name}.png"
            page.screenshot(path=picture, full_page=True)

    @property
    def complaints(self) -> list[str]:
        return [line for lines in self._complaints for line in lines]

    def left_behind(self) -> Iterator[tuple[str, list[str]]]:
        """Each place that keeps something of the visit, with its lines.

        Without the tables that are meant to keep data of the visit.
        """
        yield "log", self.house.logged.splitlines()
        yield "broker", self.house.overheard.commands + self.house.overheard.bodies
        yield "session", list(self.sessions)
        yield "admin log", [str(row) for row in LogEntry.objects.values()]
        yield "address", [url for url in self.urls if url != self.link]
        path = self.link.removeprefix(self.site)
        requests = self.house.requests
        yield "path", [asked for asked, *_ in requests if asked != path]
        yield "query, referrer", [" ".join(others) for _, *others in requests]

    def close(self) -> None:
        for context in self._contexts:
            context.close()
