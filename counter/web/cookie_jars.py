"""Separate cookies for staff (SameSite=Strict) and for the public (SameSite=Lax).

Browsers never send a Strict cookie with a request that another site started, so no
form, frame or link of another site can act as a clerk. A person who opens the link in a
mail comes from another site, and must keep a session that is open in another tab, so
the public's cookies are Lax (docs/decisions/039-two-jars-of-cookies.md). Django has one
name for each cookie; the middleware `apart` renames the public's cookies in requests
and responses. Public pages are those whose URL begins with a language.
"""

from collections.abc import Callable
from http.cookies import Morsel
from importlib import import_module
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_path

Handler = Callable[[HttpRequest], HttpResponse]

STRICT: Final = "Strict"
LAX: Final = "Lax"


def is_public(request: HttpRequest) -> bool:
    return get_language_from_path(request.path_info) is not None


def public_names() -> dict[str, str]:
    """Maps the name of each of Django's cookies to its name on public pages."""
    host = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return {
        settings.SESSION_COOKIE_NAME: f"{host}visit",
        settings.CSRF_COOKIE_NAME: f"{host}visit-csrf",
        f"{host}messages": f"{host}visit-messages",  # counter.web.message_storage
    }


def apart(get_response: Handler) -> Handler:
    """Middleware that makes Django use the public's cookies on public pages.

    It must come before all middleware that uses the session or the CSRF token.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if not is_public(request):
            return get_response(request)
        names = public_names()
        kept = {k: v for k, v in request.COOKIES.items() if k not in names}
        kept |= {k: kept[public] for k, public in names.items() if public in kept}
        request.COOKIES = kept
        response = get_response(request)
        for name, public in names.items():
            if (morsel := response.cookies.pop(name, None)) is not None:
                _write(response, public, morsel)
        return response

    return handle


def _write(response: HttpResponse, name: str, morsel: "Morsel[str]") -> None:
    response.cookies[name] = morsel.value
    response.cookies[name].update(morsel)
    response.cookies[name]["samesite"] = LAX


def end_visit(request: HttpRequest, **_signal: object) -> None:
    """Receives user_logged_out: also end the session of the public pages in this
    browser.
    """
    name = public_names()[settings.SESSION_COOKIE_NAME]
    if key := request.COOKIES.get(name):
        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()


def come_inside(get_response: Handler) -> Handler:
    """Middleware that keeps a clerk signed in who follows a link from a mail or
    intranet.

    The browser sends no Strict cookies with such a request, so the clerk would get the
    sign-in page. Instead the response is a page that loads the same URL again. That
    request begins on this site, so the cookies are sent. The page is the same for
    everybody, reads no data, and leads only to that URL. Browsers from before 2023 do
    not send Sec-Fetch-Site: there the clerk has to sign in.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if is_public(request) or not _comes_from_outside(request):
            return get_response(request)
        here = {"address": escape_leading_slashes(request.get_full_path())}
        # Without the request: context processors would read the session, or set a CSRF
        # cookie.
        return HttpResponse(render_to_string("counter/web/come_inside.html", here))

    return handle


def _comes_from_outside(request: HttpRequest) -> bool:
    """Whether the request follows a link of another site and has no session cookie."""
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("Sec-Fetch-Site") == "cross-site"
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )
