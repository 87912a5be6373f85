"""What is printed: WeasyPrint with the house's two fonts and nothing else.

What is printed holds names from keyboards and passports, so it can contain anything.
Templates escape it, and the fetcher below lets WeasyPrint read the two font files and
nothing else, whatever the page asks for.
"""

import logging
from typing import Final

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from counter.paper import print_font

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


class Sheets:
    """One thread's fonts and one parsed stylesheet, for all pages of a kind.

    Pango's font map is not thread-safe: one shared by threads aborts the process. Kept,
    it saves about half the time of every later page.
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

    def pdf(self, html: str, most: int | None = None) -> bytes | None:
        """A tagged PDF without a letter that the fonts do not have.

        None if it has more than `most` pages.
        """
        # No URL is fetched and no file is left.
        laid_out = HTML(string=print_font.printable(html), url_fetcher=FETCHER).render(
            font_config=self._fonts,
            stylesheets=[self._stylesheet],
            pdf_variant=VARIANT,
        )
        if most is not None and len(laid_out.pages) > most:
            return None
        content: bytes = laid_out.write_pdf(pdf_variant=VARIANT)
        return content
