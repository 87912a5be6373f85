"""Middleware for values that were encrypted with a key this process does not have."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from counter.crypto.encryption import UnknownKeyError

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("sleutelloket.keys")


class OldRing:
    """Answers 503 when a value needs a key with which this process was not started.

    /readyz and the log tell the key's id (`counter.crypto.rings`). Another process may
    have the key, so the page asks to try again.
    """

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if not isinstance(error, UnknownKeyError):
            return None
        log.error("old_keys", failed=str(error))
        page = {"request_id": getattr(request, "request_id", "")}
        answer = render(request, "500.html", page, status=503)
        answer.headers["Retry-After"] = "5"
        return answer
