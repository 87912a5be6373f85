"""Makes PDFs from HTML on "printers": two threads of each process, only for this.

The caller waits for the PDF. Pango, the library for text layout, keeps data of the
fonts, which only the thread that made them may use: otherwise the process aborts. In
each of the web server's eight threads they would take four megabytes. More than two
printers would not be faster, because only one Python thread runs at a time. With two, a
slip does not have to wait for a long file.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier, current_thread, local
from typing import Any, Final

import structlog

log = structlog.get_logger("sleutelloket.paper")

PRINTERS: Final = 2
_NAME: Final = "printer"

_printers = ThreadPoolExecutor(PRINTERS, thread_name_prefix=_NAME)


def _new_printers() -> None:
    """Make new printers: a forked process does not have its parent's threads."""
    global _printers  # noqa: PLW0603 (one set a process)
    _printers = ThreadPoolExecutor(PRINTERS, thread_name_prefix=_NAME)


os.register_at_fork(after_in_child=_new_printers)


class Press:
    """One kind of document: its stylesheet, which each printer reads once."""

    def __init__(self, stylesheet: str) -> None:
        """`stylesheet` is a template's name; its font URLs are the two file names."""
        self._stylesheet = stylesheet
        self._at = local()

    def pdf(self, html: str) -> bytes:
        """The HTML as a tagged PDF. No URL is fetched and no file is written."""
        made = on_a_printer(self._print, html)
        if made is None:
            raise ValueError("no limit, and too long")
        return made

    def pdf_of_one_page(self, html: str) -> bytes | None:
        """The HTML as a PDF of one page; None if it needs more."""
        return on_a_printer(self._print, html, 1)

    def _print(self, html: str, most: int | None = None) -> bytes | None:
        # Imported with the first page, because most processes print none.
        from counter.paper.sheets import Sheets  # noqa: PLC0415

        if not hasattr(self._at, "sheets"):
            self._at.sheets = Sheets(self._stylesheet)
        made: bytes | None = self._at.sheets.pdf(html, most)
        return made


def on_a_printer[**P, R](work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """Call `work` on a printer, with the caller's context, and return its result.

    An exception of `work` is raised here.
    """
    if current_thread().name.startswith(_NAME):
        return work(*args, **named)
    context = copy_context()
    return _printers.submit(lambda: context.run(work, *args, **named)).result()


def on_every_printer(work: Callable[[], Any]) -> None:
    """Start `work` on each printer without waiting; its exceptions are only logged."""
    together = Barrier(PRINTERS)

    def once_each() -> None:
        together.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 (who prints next is told all of it)
            log.warning("printer_not_ready", error=type(error).__name__)

    for _ in range(PRINTERS):
        _printers.submit(once_each)
