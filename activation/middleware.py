"""What the applicant's pages need of every request, `/<lang>/a/` and below."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_path

Handler = Callable[[HttpRequest], HttpResponse]


def applicant_pages(get_response: Handler) -> Handler:
    """No referrer leaves these pages, and their forms work all the same.

    The address of the first one holds the link's token (SECURITY.md, section 1). But
    a browser that may not say where it comes from posts a form with `Origin: null`
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
