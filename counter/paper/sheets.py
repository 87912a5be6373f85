"""Makes PDFs with WeasyPrint, which may read the product's two fonts and no other file.

The HTML has names from keyboards and passports, so it can contain anything. Templates
escape it. The fetcher below lets WeasyPrint read only the two font files, for any URL
in the page.
"""

import logging
from typing import Final

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from counter.paper import print_font

logger = logging.getLogger(__name__)

#: The accessible variant of PDF: tagged, with a title and a language.
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
            # The message has no URL, because that could be a text typed as a name.
            logger.warning("slip_fetch_refused")
            msg = "paper reads its own fonts and nothing else"
            raise ValueError(msg)
        return URLFetcherResponse(
            url,
            (print_font.DIRECTORY / name).read_bytes(),
            {"Content-Type": "font/ttf"},
        )


FETCHER: Final = _FontsOnly()
_ELEMENTS: Final = CSS(string=render_to_string("counter/paper/elements.css"))


class _Page(HTML):  # type: ignore[misc]  # untyped
    """HTML to which only the default styles of our own documents' elements apply.

    WeasyPrint's own stylesheet has rules for notes: six more styles for each element,
    which it would compute and not use.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002, FBT001, FBT002 (the parent's)
        return [_ELEMENTS]


class Sheets:
    """The fonts of one thread and one parsed stylesheet, for all pages of a kind.

    Pango's font map is not thread-safe: the process aborts when threads share one. To
    keep it saves about half the time of every later page.
    """

    def __init__(self, stylesheet: str) -> None:
        """`stylesheet` is a template's name; its font URLs are the two file names."""
        self._fonts = FontConfiguration()
        self._stylesheet = CSS(
            string=render_to_string(stylesheet),
            base_url=_FONT_URL,
            url_fetcher=FETCHER,
            font_config=self._fonts,
        )

    def pdf(self, html: str, most: int | None = None) -> bytes | None:
        """A tagged PDF; None if it has more than `most` pages.

        Characters that the fonts do not have are replaced.
        """
        # No URL is fetched and no file is written.
        laid_out = _Page(string=print_font.printable(html), url_fetcher=FETCHER).render(
            font_config=self._fonts,
            stylesheets=[self._stylesheet],
            pdf_variant=VARIANT,
        )
        if most is not None and len(laid_out.pages) > most:
            return None
        content: bytes = laid_out.write_pdf(pdf_variant=VARIANT)
        return content
