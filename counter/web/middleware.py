"""The middleware of all requests and responses."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from counter.dossiers import drafts
from counter.enums import StaffLanguage
from counter.journal import recorded_models
from counter.models import Clerk
from counter.people import kinship_door
from counter.sign_in import screen_lock, sign_in_app, single_session
from counter.staff.access import to_sign_in
from counter.staff.reauthentication import NoPasswordError

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("sleutelloket.request")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_log(get_response: Handler) -> Handler:
    """Give each request an id, and write one log line when it is answered.

    The line has the route and never the path, because a path may contain the token of a
    link. The id is also on error pages and in the response's headers.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        request_id = _told_id(request) or uuid.uuid4().hex[:12]
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
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
        response.headers["X-Request-ID"] = request_id
        return response

    return handle


def _told_id(request: HttpRequest) -> str:
    """The id that our proxy sent; "" without a proxy, or when it has other characters
    than letters, digits and hyphens.
    """
    header = request.headers.get("X-Request-ID", "") if settings.PROXIES > 0 else ""
    return header if _REQUEST_ID.fullmatch(header) else ""


def fits(get_response: Handler) -> Handler:
    """Answer a body that is too large with a page and 413, before it is read.

    Django would answer 400 and log an error with a traceback; for a 413 it logs one
    warning. No form of this site comes near
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "")
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not length.isdecimal() or int(length) <= limit:
            return get_response(request)
        page = {
            "alone": translation.get_language_from_path(request.path_info),
            "request_id": getattr(request, "request_id", ""),
        }
        return HttpResponse(render_to_string("413.html", page), status=413)

    return handle


def only_utf8(get_response: Handler) -> Handler:
    """Refuse a body with any other charset than UTF-8, with status 400.

    The client chooses the name of the charset, and some of Python's codecs (utf-7,
    zlib, rot13) would raise an error while the form is read. Browsers send no charset,
    or that of the page.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        named = request.content_params or {}
        if named.get("charset", "utf-8").lower() != "utf-8":
            raise BadRequest
        return get_response(request)

    return handle


def response_headers(get_response: Handler) -> Handler:
    """Add the headers for which Django has no setting (docs/security.md#headers)."""

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


def changes_are_signed(get_response: Handler) -> Handler:
    """Record all changes of this request as those of the signed-in clerk
    (counter.journal.recorded_models).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        def who() -> Clerk | None:
            return request.user if isinstance(request.user, Clerk) else None

        with recorded_models.changed_by(who):
            return get_response(request)

    return handle


def staff_language(get_response: Handler) -> Handler:
    """Show staff pages in the clerk's language, and the sign-in page in the language
    last chosen on this computer.

    Public pages have their language in the path and are not changed.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if translation.get_language_from_path(request.path_info) is None:
            language = getattr(request.user, "language", None) or _last_clerks(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return handle


def _last_clerks(request: HttpRequest) -> str:
    """The language last chosen on this computer; Dutch when none was."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in StaffLanguage.values else StaffLanguage.NL.value


class _StaffIdle:
    """The middleware of `staff_idle`. It works in `process_view`, because the route is
    known there.

    The CSRF check comes before it, so a forged form is refused before it could be saved
    as a draft here.
    """

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponse],
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or _is_public(request):
            return None
        now = int(timezone.now().timestamp())
        if over := _why_over(request, now):
            kept_at = _keep(request)
            if isinstance(request.user, Clerk):
                single_session.sign_out(request, request.user)
            logout(request)
            messages.info(request, over)
            return to_sign_in(request, kept_at)
        if screen_lock.is_locked(request, request.user, now):
            if _route(request) in screen_lock.OPEN_WHEN_LOCKED:
                return None
            return screen_lock.to_lock_screen(request, kept_at=_keep(request))
        screen_lock.note_work(request, now)
        return None

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Lock the screen when a form requires a password and the clerk has none."""
        clerk = request.user
        if not isinstance(exception, NoPasswordError) or not isinstance(clerk, Clerk):
            return None
        return screen_lock.lock_first(request, clerk)


def staff_idle(get_response: Handler) -> Handler:
    """Lock the screen of an idle clerk, and sign out a clerk whose session is too old
    or was ended.

    The times are in counter.sign_in.screen_lock (docs/security.md#sessions). A
    recording form that is sent too late is saved as a draft first, so nothing is lost.
    """
    return _StaffIdle(get_response)


class _OwnPeople:
    """The middleware of `own_people`, in `process_view` after that of `staff_idle`."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponse],
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> HttpResponse | None:
        if not isinstance(request.user, Clerk):
            return None
        return kinship_door.stop(request, request.user)


def own_people(get_response: Handler) -> Handler:
    """Ask about family before an act on a person (counter.people.kinship)."""
    return _OwnPeople(get_response)


def _why_over(request: HttpRequest, now: int) -> str:
    """A sentence why this session is over; "" when it is not."""
    if isinstance(request.user, Clerk) and single_session.is_over(
        request, request.user
    ):
        return sign_in_app.why_over(request.user)
    if screen_lock.is_over(request, now):
        return _("You were signed in for a long time. Sign in again.")
    return ""


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


#: Pages for people who cannot sign in. They work with any session of the browser, which
#: may be locked, over, or that of a colleague.
_CANNOT_SIGN_IN: Final = (
    "counter_city_sign_on:accept_invitation",
    "counter_staff:forgot_password",
    "counter_staff:choose_password",
)


def _is_public(request: HttpRequest) -> bool:
    """Whether the page is not for signed-in staff, by its language or its name."""
    public = translation.get_language_from_path(request.path_info) is not None
    routes = (*settings.PUBLIC_ROUTES, *_CANNOT_SIGN_IN)
    return public or _route(request).startswith(routes)


#: The views to which a recording form is sent, by its button and by its script.
_OF_A_FORM = ("counter_dossiers:record_applicant", "counter_dossiers:save_draft")


def _keep(request: HttpRequest) -> str:
    """Save a recording form that cannot be handled now as a draft; return its URL."""
    is_form = request.method == "POST" and "start" not in request.POST
    if _route(request) not in _OF_A_FORM or not is_form:
        return ""
    if not isinstance(request.user, Clerk):
        return ""
    draft = drafts.save(clerk=request.user, typed=request.POST, at=timezone.now())
    return reverse("counter_dossiers:resume_draft", args=[draft.pk]) if draft else ""
