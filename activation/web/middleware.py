"""What the applicant's pages need of every request, and the links that lead there."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, get_language_from_path

from activation.codes.mangled_links import mended

Handler = Callable[[HttpRequest], HttpResponse]


def mangled_links(get_response: Handler) -> Handler:
    """An address that leads nowhere, for a stray sign in it, leads where it was meant.

    Every link that a mail carries comes back like that, those to the keys and to a
    dossier too. What is behind a `?` is no business of ours: trackers add it.

    Stands after LocaleMiddleware, whose language it asks, and before CommonMiddleware,
    which adds the slash that is only missing.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A view that says so knows: only addresses that no view has are looked at.
        is_nowhere = response.status_code == 404 and request.resolver_match is None
        if not is_nowhere or request.method not in ("GET", "HEAD"):
            return response
        language = get_language() or settings.LANGUAGE_CODE
        address = mended(request.path_info, language=language)
        return HttpResponseRedirect(address) if address else response

    return handle


def applicant_pages(get_response: Handler) -> Handler:
    """No referrer leaves these pages, and their forms work all the same.

    The address of the first one holds the link's token (docs/security.md#links). But a
    browser that may not say where it comes from posts a form with `Origin: null`
    and no Referer, which Django's CSRF check takes for a stranger. So where that is
    all there is, and the browser itself says that the form is ours
    (`Sec-Fetch-Site`, which no script can set; browsers before 2023 lack it), our
    origin is filled in. The CSRF token and the SameSite cookie are checked as ever.

    Stands before CsrfViewMiddleware.
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
