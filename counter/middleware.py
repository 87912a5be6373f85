"""What every request and every answer gets."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from counter import presence
from counter.access import to_sign_in
from counter.enums import StaffLanguage

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
    """Staff screens speak the clerk's language; the sign-in page the last one's.

    Pages for the public carry their language in the path and are left alone.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if translation.get_language_from_path(request.path_info) is None:
            language = getattr(request.user, "language", None) or _last_clerks(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return handle


def _last_clerks(request: HttpRequest) -> str:
    """What was switched to on this computer; Dutch, until somebody did."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in StaffLanguage.values else StaffLanguage.NL.value


ACTIVE_AT = "active_at"
SIGNED_IN_AT = "signed_in_at"
# Writing the session at every request would cost a query; half a minute is near enough.
_WRITTEN_EVERY = 30


def staff_idle(get_response: Handler) -> Handler:
    """Sign a clerk out who was away, or signed in too long ago (SECURITY.md, 1).

    The session keeps the two times. What a page fetches by itself, such as the mail's
    state, is not the clerk being there: htmx marks it, and it is a GET.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        session, now = request.session, int(timezone.now().timestamp())
        if _too_late(request, now):
            logout(request)
            messages.info(
                request, _("You were signed out, because nothing was done for a while.")
            )
            return to_sign_in(request)
        session.setdefault(SIGNED_IN_AT, now)
        if ACTIVE_AT in session:
            presence.note(request, idle_seconds=now - session[ACTIVE_AT])
        by_itself = request.method == "GET" and "HX-Request" in request.headers
        if not by_itself and now - session.get(ACTIVE_AT, 0) >= _WRITTEN_EVERY:
            session[ACTIVE_AT] = now
        return get_response(request)

    return handle


def _too_late(request: HttpRequest, now: int) -> bool:
    in_admin = request.path.startswith(reverse("admin:index"))
    idle = settings.ADMIN_IDLE_MINUTES if in_admin else settings.STAFF_IDLE_MINUTES
    longest = settings.ADMIN_HOURS if in_admin else settings.STAFF_HOURS
    active = request.session.get(ACTIVE_AT, now)
    signed_in = request.session.get(SIGNED_IN_AT, now)
    return bool(now - active > idle * 60 or now - signed_in > longest * 60 * 60)
