"""What every request and every answer gets."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("sleutelloket.request")


def request_log(get_response: Handler) -> Handler:
    """A reference for each request, and one log line when it is answered.

    The line names the route, never the path: a path may hold a link's token.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        reference = uuid.uuid4().hex[:12]
        request.reference = reference  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=reference)
        start = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        log.info(
            "answered",
            method=request.method,
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - start) * 1000),
        )
        response.headers["X-Request-Reference"] = reference
        return response

    return handle


def response_headers(get_response: Handler) -> Handler:
    """The headers Django has no setting for (SECURITY.md, section 1)."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), "
            "payment=(), usb=()",
        )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def staff_language(get_response: Handler) -> Handler:
    """Staff screens speak the clerk's language; without a clerk, Dutch.

    Pages for the public carry their language in the path and are left alone.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if translation.get_language_from_path(request.path_info) is None:
            language = getattr(request.user, "language", None) or "nl"
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return handle
