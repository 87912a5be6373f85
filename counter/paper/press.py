"""Whoever wants a PDF hands the HTML to a press, and waits.

Each process has two printers: threads that do nothing else. What Pango, the library
that sets the text, knows of the fonts belongs to the thread that began it: shared, it
aborts the process, and kept by each of the web server's eight threads it is four
megabytes a thread. More than two would not be quicker, because only one thread of
Python runs at a time; with two a slip does not wait for a long file.
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
    """A forked process has none of the threads of the one that it was copied from."""
    global _printers  # noqa: PLW0603 (one set a process)
    _printers = ThreadPoolExecutor(PRINTERS, thread_name_prefix=_NAME)


os.register_at_fork(after_in_child=_new_printers)


class Press:
    """One kind of paper: its stylesheet, and the printers that have read it."""

    def __init__(self, stylesheet: str) -> None:
        """`stylesheet` names a template; its font URLs are the two files' names."""
        self._stylesheet = stylesheet
        self._at = local()

    def pdf(self, html: str) -> bytes:
        """The page as a tagged PDF; nothing is fetched and no file is left."""
        made = on_a_printer(self._print, html)
        if made is None:
            raise ValueError("no limit, and too long")
        return made

    def pdf_of_one_page(self, html: str) -> bytes | None:
        """The same if all of it is on one page, else None."""
        return on_a_printer(self._print, html, 1)

    def _print(self, html: str, most: int | None = None) -> bytes | None:
        # Read with the first page: most processes print none.
        from counter.paper.sheets import Sheets  # noqa: PLC0415

        if not hasattr(self._at, "sheets"):
            self._at.sheets = Sheets(self._stylesheet)
        made: bytes | None = self._at.sheets.pdf(html, most)
        return made


def on_a_printer[**P, R](work: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """What `work` returns or raises, done by a printer with our log's context."""
    if current_thread().name.startswith(_NAME):
        return work(*args, **named)
    context = copy_context()
    return _printers.submit(lambda: context.run(work, *args, **named)).result()


def on_every_printer(work: Callable[[], Any]) -> None:
    """Begin `work` on each printer, and do not wait; what it raises is only logged."""
    together = Barrier(PRINTERS)

    def once_each() -> None:
        together.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 (who prints next is told all of it)
            log.warning("printer_not_ready", error=type(error).__name__)

    for _ in range(PRINTERS):
        _printers.submit(once_each)
