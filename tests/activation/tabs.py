"""Several tabs of one browser: they share its cookies, and each keeps its own page."""

import re
from html.parser import HTMLParser
from typing import Self, override
from urllib.parse import urljoin

from django.test import Client

from tests.activation.helpers import text_of


class Forms(HTMLParser):
    """The forms of a page; `all` has the address and the hidden fields of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.all.append((attributes.get("action", ""), {}))
        elif tag == "input" and self.all and attributes.get("type") == "hidden":
            self.all[-1][1][attributes["name"]] = attributes.get("value", "")


class Tab:
    """One tab: `send` fills in a form of its page and sends it."""

    def __init__(self, browser: Client) -> None:
        self.browser = browser
        self.address = ""
        self.page = ""
        self.status = 0

    def go(self, address: str) -> Self:
        response = self.browser.get(address, follow=True)
        self._take(response.status_code, response.content, response.request)
        return self

    def reload(self) -> Self:
        return self.go(self.address)

    def send(self, form: int = 0, **typed: object) -> Self:
        action, fields = Forms(self.page).all[form]
        to = urljoin(self.address, action) if action else self.address
        response = self.browser.post(to, fields | typed, follow=True)
        self._take(response.status_code, response.content, response.request)
        return self

    def click(self, words: str) -> Self:
        link = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>\s*{words}\s*<', self.page)
        assert link, self.text
        return self.go(urljoin(self.address, link[1].replace("&amp;", "&")))

    @property
    def text(self) -> str:
        return text_of(self.page.encode())

    @property
    def forms(self) -> list[dict[str, str]]:
        return [fields for _action, fields in Forms(self.page).all]

    def _take(self, status: int, page: bytes, request: dict[str, str]) -> None:
        self.status = status
        self.page = page.decode()
        query = request.get("QUERY_STRING", "")
        self.address = request["PATH_INFO"] + (f"?{query}" if query else "")
