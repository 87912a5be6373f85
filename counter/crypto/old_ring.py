"""The answer to who asks for a value under a key this process lacks."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from counter.crypto.encryption import UnknownKeyError

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("sleutelloket.keys")


class OldRing:
    """Answers 503 where a value is under a key that this process was started without.

    /readyz and the log say which (`counter.crypto.rings`); another process may have it,
    so the page asks to try again.
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
