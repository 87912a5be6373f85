"""The page to go on to: `next`, if it is a page of this site."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def next_page(request: HttpRequest) -> str:
    """What the form or the address names, if `page_of_ours` accepts it; else empty."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return page_of_ours(request, wanted)


def page_of_ours(request: HttpRequest, wanted: str) -> str:
    """Return `wanted` when it is a path of this site that a page answers to; else "".

    Anybody can write anything there. Both the redirect and the resolver have to accept
    it: a redirect takes `abc` for the name of a page and raises when there is none.
    """
    allowed = {request.get_host()}
    secure = request.is_secure()
    if not wanted.startswith("/") or not url_has_allowed_host_and_scheme(
        wanted, allowed, require_https=secure
    ):
        return ""
    try:
        resolve(urlsplit(wanted).path)
    except (Resolver404, ValueError):
        return ""
    return wanted
