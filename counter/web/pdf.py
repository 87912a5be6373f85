"""Printing on paper: WeasyPrint with the house's two fonts and nothing else.

What is printed holds names from keyboards and passports, so it can contain anything.
Templates escape it, and the fetcher below lets WeasyPrint read the two font files and
nothing else, whatever the page asks for.
"""

import logging
import threading
from typing import Final

from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from counter.web import print_font

logger = logging.getLogger(__name__)

#: For people who cannot see the page: tagged, with a title and a language.
VARIANT: Final = "pdf/ua-1"
_FONT_URL: Final = print_font.DIRECTORY.as_uri() + "/"


class _FontsOnly(URLFetcher):  # type: ignore[misc]  # untyped
    """Reads the two fonts and refuses every other URL.

    The parent's constructor is left out on purpose: it builds handlers for
    HTTP, FTP and files, and loads the CA bundle, for a fetcher that must never
    use them. Its state is one flag, so one instance serves all threads.
    """

    _fail_on_errors = False

    def __init__(self) -> None:
        pass

    def fetch(
        self,
        url: str,
        headers: dict[str, str] | None = None,  # noqa: ARG002 (the parent's)
    ) -> URLFetcherResponse:
        name = url.removeprefix(_FONT_URL)
        if name not in print_font.NAMES:
            # No URL in the message: it would be what somebody typed as a name.
            logger.warning("slip_fetch_refused")
            msg = "paper reads its own fonts and nothing else"
            raise ValueError(msg)
        return URLFetcherResponse(
            url,
            (print_font.DIRECTORY / name).read_bytes(),
            {"Content-Type": "font/ttf"},
        )


FETCHER: Final = _FontsOnly()


class Press(threading.local):
    """A thread's own fonts and one parsed stylesheet, made at its first page.

    Pango's font map is not thread-safe: one shared by threads aborts the
    process. Kept, it saves about half the time of every later page.
    """

    def __init__(self, stylesheet: str) -> None:
        """`stylesheet` names a template; its font URLs are the two files' names."""
        self._fonts = FontConfiguration()
        self._stylesheet = CSS(
            string=render_to_string(stylesheet),
            base_url=_FONT_URL,
            url_fetcher=FETCHER,
            font_config=self._fonts,
        )

    def lay_out(self, html: str) -> Document:
        """The page, with no letter in it that the fonts do not have."""
        return HTML(string=print_font.printable(html), url_fetcher=FETCHER).render(
            font_config=self._fonts,
            stylesheets=[self._stylesheet],
            pdf_variant=VARIANT,
        )

    def pdf(self, html: str) -> bytes:
        """The page as a tagged PDF; nothing is fetched and no file is left."""
        content: bytes = self.lay_out(html).write_pdf(pdf_variant=VARIANT)
        return content
