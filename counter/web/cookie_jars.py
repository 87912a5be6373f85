"""Staff's cookies are Strict and the public's Lax, so they are apart.

A Strict cookie comes along with nothing that begins on another site: no form, no frame
and no link can act as a clerk. A person who opens the link of a mail comes from another
site with the very first step, and goes on with what is open in another tab, so theirs
are Lax (docs/decisions/039-two-jars-of-cookies.md). Django has one name for each
cookie; `apart` gives the public's other names on the way in and out. The public's pages
are those whose address begins with a language.
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
    """Each cookie of Django with its name on the public's pages."""
    host = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return {
        settings.SESSION_COOKIE_NAME: f"{host}visit",
        settings.CSRF_COOKIE_NAME: f"{host}visit-csrf",
        f"{host}messages": f"{host}visit-messages",  # counter.web.message_storage
    }


def apart(get_response: Handler) -> Handler:
    """On the public's pages Django reads and writes the public's cookies.

    Stands before everything that knows a session or a CSRF token.
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
    """A clerk who leaves takes along who is signed in on the public's pages here."""
    name = public_names()[settings.SESSION_COOKIE_NAME]
    if key := request.COOKIES.get(name):
        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()


def come_inside(get_response: Handler) -> Handler:
    """A clerk who follows a link from a mail or an intranet gets the page, signed in.

    Her cookies stay behind on such a step, and the page would be the sign-in page. So
    the answer is a page that leads to the same address at once: that step begins here,
    and her cookies come along. It says the same to everybody, reads nothing, and leads
    nowhere else. Browsers before 2023 do not say where a step begins; they are asked to
    sign in.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if is_public(request) or not _comes_from_outside(request):
            return get_response(request)
        here = {"address": escape_leading_slashes(request.get_full_path())}
        # Without the request's context, which knows the clerk or makes a CSRF cookie.
        return HttpResponse(render_to_string("counter/web/come_inside.html", here))

    return handle


def _comes_from_outside(request: HttpRequest) -> bool:
    """Whether another site's link leads here and no session came along."""
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("Sec-Fetch-Site") == "cross-site"
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )
