"""Report errors to a Sentry server, or a compatible one; off by default.

A report is built anew from a list of what may leave the machine: classes of errors,
lines of our code, the name of the log line, and the request's id, by which the rest can
be found in the log. It never contains texts of errors, arguments of functions,
requests, headers, users and earlier log lines, because any of them may quote a person.
"""

from typing import Any, Final

import sentry_sdk
import structlog
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.types import Event, Hint

_KEPT: Final = ("event_id", "timestamp", "platform", "level", "logger", "server_name")
_OF_A_FRAME: Final = ("filename", "abs_path", "function", "module", "lineno", "in_app")
_TAGS: Final = ("request_id", "task")


def start(address: str) -> None:
    """Report every logged error to this server; do nothing if the DSN is empty.

    Django and Celery log errors that nobody caught, so the library's integrations with
    them are not needed, and it reads no request.
    """
    if not address:
        return
    sentry_sdk.init(
        dsn=address,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        default_integrations=False,
        integrations=[LoggingIntegration(level=None)],
        before_send=only_what_may_leave,
    )


def only_what_may_leave(event: Event, hint: Hint) -> Event:
    """Build a new event that contains only what is on the list."""
    bound = structlog.contextvars.get_contextvars()
    kept: dict[str, Any] = {name: event[name] for name in _KEPT if name in event}
    kept["tags"] = {name: str(bound[name]) for name in _TAGS if name in bound}
    kept["message"] = _name_of(hint.get("log_record"))
    exceptions = event.get("exception", {}).get("values", [])
    kept["exception"] = {"values": [_exception(each) for each in exceptions]}
    scrubbed: Event = kept  # type: ignore[assignment]
    return scrubbed


def _name_of(record: object) -> str:
    """The name that our own code gave to this log line; empty for lines of other
    libraries.
    """
    words = getattr(record, "msg", None)
    return str(words.get("event", "")) if isinstance(words, dict) else ""


def _exception(reported: dict[str, Any]) -> dict[str, Any]:
    frames = (reported.get("stacktrace") or {}).get("frames", [])
    return {
        "type": reported.get("type"),
        "module": reported.get("module"),
        "stacktrace": {
            "frames": [
                {name: frame[name] for name in _OF_A_FRAME if name in frame}
                for frame in frames
            ]
        },
    }
