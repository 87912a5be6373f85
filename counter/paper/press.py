"""Makes PDFs from HTML on "printers": two threads of each process, only for this.

The caller waits for the PDF. Pango, the library for text layout, keeps data of the
fonts, which only the thread that made them may use: otherwise the process aborts. In
each of the web server's eight threads they would take four megabytes.

One printer draws what somebody at the desk waits for, which has one page; the other
draws files of any length, so that a slip does not have to wait for one. More printers
would not be faster, because only one Python thread runs at a time. Slips are drawn one
after the other, in the order in which they were asked for: when several are drawn at
once, the first is ready hardly earlier than the last.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import current_thread, local
from typing import Any, Final

import structlog

log = structlog.get_logger("sleutelloket.paper")

_NAME: Final = "printer"


class Printer:
    """One thread, made when it is first used."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Use a new thread: a forked process does not have its parent's."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=_NAME)

    def run[**P, R](self, work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Call `work` on this printer, with the caller's context; return its result.

        An exception of `work` is raised here. Who is on a printer already stays there.
        """
        if current_thread().name.startswith(_NAME):
            return work(*args, **named)
        context = copy_context()
        return self._thread.submit(lambda: context.run(work, *args, **named)).result()

    def prepare(self, work: Callable[[], Any]) -> None:
        """Start `work` without waiting; its exceptions are only logged."""

        def once() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 (who prints next is told all of it)
                log.warning("printer_not_ready", error=type(error).__name__)

        self._thread.submit(once)


#: For what has one page.
DESK: Final = Printer()
#: For files of any length.
FILES: Final = Printer()


def _renew() -> None:
    DESK.renew()
    FILES.renew()


os.register_at_fork(after_in_child=_renew)


class Press:
    """One kind of document: its stylesheet, which each printer reads once."""

    def __init__(self, stylesheet: str) -> None:
        """`stylesheet` is a template's name; its font URLs are the two file names."""
        self._stylesheet = stylesheet
        self._at = local()

    def pdf(self, html: str) -> bytes:
        """The HTML as a tagged PDF. No URL is fetched and no file is written."""
        pdf = FILES.run(self._print, html)
        if pdf is None:
            raise ValueError("no limit, and too long")
        return pdf

    def pdf_of_one_page(self, html: str) -> bytes | None:
        """The HTML as a PDF of one page; None if it needs more."""
        return DESK.run(self._print, html, 1)

    def _print(self, html: str, most: int | None = None) -> bytes | None:
        # Imported with the first page, because most processes print none.
        from counter.paper.sheets import Sheets  # noqa: PLC0415

        if not hasattr(self._at, "sheets"):
            self._at.sheets = Sheets(self._stylesheet)
        pdf: bytes | None = self._at.sheets.pdf(html, most)
        return pdf
