"""Log lines: JSON, one event a line, times in UTC with the offset, the request's id.

Lines of gunicorn, of Celery, of our own code and Python's warnings have the same form.
The proxy or `counter.web.middleware.request_log` makes the id, and a task that the
request starts gets it too (`config.celery`). Only what the code names is logged: no
request body, no query string, no address. `django.db.backends` is off, because SQL
parameters are personal data.
"""

import atexit
import datetime
import logging
import logging.config
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final

import structlog
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_READYZ: Final = "notifications_health:readyz"
LOGGING_CONFIG = "logging.config.dictConfig"

_log = structlog.get_logger("sleutelloket.process")


def utc_with_offset(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Add the time, to the millisecond: 2026-11-30T05:57:00.123+00:00."""
    now = datetime.datetime.now(datetime.UTC)
    event["timestamp"] = now.isoformat(timespec="milliseconds")
    return event


_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    utc_with_offset,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]


def route_for_path(record: logging.LogRecord) -> bool:
    """Replace the path by the route in Django's lines about refused requests.

    The path may contain a link's token. A refused HEAD is not logged at all: mail
    scanners and monitors send thousands of them. Neither is an answer of /readyz,
    unless an error was raised: its status says how the system is, and a monitor asks
    for it every minute.
    """
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    if match and match.view_name == _READYZ and not record.exc_info:
        return False
    if getattr(request, "method", "") == "HEAD" and record.levelno == logging.WARNING:
        return False
    if isinstance(record.args, tuple) and record.args:
        record.args = (*record.args[:-1], match.route if match else "-")
    return True


def without_the_path(record: logging.LogRecord) -> bool:
    """Remove the path from the web server's lines about a visitor who closed the
    connection.

    The path may contain a link's token.
    """
    record.msg = str(record.msg).partition(" while serving ")[0]
    return True


def without_error_text(record: logging.LogRecord) -> bool:
    """Replace the error by its class in Celery's line about a failed task.

    The line's own text quotes the error and its traceback, which may contain personal
    data.
    """
    if isinstance(record.args, dict) and "exc" in record.args:
        error = record.exc_info[0] if record.exc_info else None
        kind = error.__qualname__ if error else "an error"
        record.args = {**record.args, "exc": kind, "traceback": ""}
    return True


def error_chain(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None],
) -> list[str]:
    """The classes of the errors and the lines of code, from the first error to the
    last.

    The errors' texts are left out: PostgreSQL's quote the row ("Key (email)=(...)
    exists"), Python's quote the value that could not be read.
    """
    _, error, _ = exc_info
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = traceback.extract_tb(link.__traceback__)
        lines = [
            type(link).__qualname__,
            *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames),
            *lines,
        ]
        link = link.__cause__ or link.__context__
    return lines


def _filter(callback: Callable[[logging.LogRecord], bool]) -> dict[str, object]:
    return {"()": "django.utils.log.CallbackFilter", "callback": callback}


_JSON: Final = {
    "()": structlog.stdlib.ProcessorFormatter,
    "processors": [
        structlog.processors.ExceptionRenderer(error_chain),
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ],
    "foreign_pre_chain": _SHARED,
}
_LOGGERS: Final = {
    "django.db.backends": {"level": "WARNING"},
    "django.request": {"filters": ["route"]},
    "django.security.csrf": {"filters": ["route"]},
    # gunicorn's own handlers would write lines in another form (config.server).
    "gunicorn.error": {"handlers": [], "propagate": True},
    "waitress": {"filters": ["path"]},
    # It logs each request that waits for a thread.
    "waitress.queue": {"level": "ERROR"},
    "celery.app.trace": {"filters": ["kind"]},
    "weasyprint": {"level": "ERROR"},
    "fontTools": {"level": "ERROR"},
    # They log addresses and headers, which may contain a number, a text or a password.
    "httpx": {"level": "WARNING"},
    "httpcore": {"level": "WARNING"},
    # It logs what it cannot parse, with its text.
    "flufl.bounce": {"level": "CRITICAL", "propagate": False},
}


def logging_settings(level: str = "INFO") -> dict[str, object]:
    """The settings for `logging.config.dictConfig`, for Django and for gunicorn."""
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": _JSON},
        "filters": {
            "route": _filter(route_for_path),
            "path": _filter(without_the_path),
            "kind": _filter(without_error_text),
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": _LOGGERS,
    }


def log_uncaught_errors() -> None:
    """Log errors that nobody catches, from now on; those of threads too.

    Python prints a traceback of many lines, with the error's own text. At a terminal
    that still happens, because it is not stored.
    """
    sys.excepthook = _of_the_process
    threading.excepthook = _of_a_thread
    sys.unraisablehook = _of_no_caller
    atexit.register(_leave_the_rest_to_python)


def _leave_the_rest_to_python() -> None:
    """Let Python handle such errors again: next it unloads its modules, `logging` and
    this one too.
    """
    sys.unraisablehook = sys.__unraisablehook__


def _of_the_process(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if sys.stderr.isatty():
        sys.__excepthook__(kind, error, trace)
        return
    if not logging.getLogger().handlers:  # the settings themselves were refused
        logging.config.dictConfig(logging_settings())
    # Whoever made a mistake in the settings needs our sentence; it contains no values.
    message = {"told": str(error)} if isinstance(error, ImproperlyConfigured) else {}
    _log.critical("process_ended", exc_info=(kind, error, trace), **message)


def _of_a_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_type is SystemExit:
        return
    if sys.stderr.isatty() or failed.exc_value is None:
        threading.__excepthook__(failed)
        return
    exc_info = (failed.exc_type, failed.exc_value, failed.exc_traceback)
    name = failed.thread.name if failed.thread else ""
    _log.critical("thread_ended", thread=name, exc_info=exc_info)


def _of_no_caller(failed: "UnraisableHookArgs") -> None:
    """Log an error that Python cannot raise anywhere: in `__del__`, or while the
    process ends.
    """
    if sys.stderr.isatty() or failed.exc_value is None:
        sys.__unraisablehook__(failed)
        return
    exc_info = (failed.exc_type, failed.exc_value, failed.exc_traceback)
    _log.error("error_of_no_caller", exc_info=exc_info)
