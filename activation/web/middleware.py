"""Middleware for the applicant's pages, and for mangled links from mails."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, get_language_from_path

from activation.codes.mangled_links import mended

Handler = Callable[[HttpRequest], HttpResponse]


def mangled_links(get_response: Handler) -> Handler:
    """Redirect an address that no view has to the page that it was meant for.

    Mail programs, chats and people add or remove characters in every kind of link that
    we mail. The query string is dropped, because trackers add to it.

    Place it after LocaleMiddleware, because it uses the active language, and before
    CommonMiddleware, which adds a missing slash at the end.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A 404 from a view is right; only addresses without a view are looked at.
        is_nowhere = response.status_code == 404 and request.resolver_match is None
        if not is_nowhere or request.method not in ("GET", "HEAD"):
            return response
        language = get_language() or settings.LANGUAGE_CODE
        address = mended(request.path_info, language=language)
        return HttpResponseRedirect(address) if address else response

    return handle


def applicant_pages(get_response: Handler) -> Handler:
    """Set `Referrer-Policy: no-referrer` on the applicant's pages, and let forms work.

    The address of the first page has the link's token, which must not leave in a
    Referer header (docs/security.md#links). With that policy a browser posts a form
    with `Origin: null` and no Referer, which Django's CSRF check refuses. So when the
    Origin is null or missing and the browser does not say that the form is from another
    origin (`Sec-Fetch-Site`, which no script can set; browsers before 2023 do not send
    it), this fills in our own origin. The CSRF token and the SameSite cookie are still
    checked.

    Place it before CsrfViewMiddleware.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if not _is_ours(request.path_info):
            return get_response(request)
        origin = request.headers.get("Origin", "null")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if origin == "null" and site == "same-origin":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        response = get_response(request)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return handle


def _is_ours(path: str) -> bool:
    language = get_language_from_path(path)
    return language is not None and path.startswith(f"/{language}/a/")
