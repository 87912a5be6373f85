"""Reads the parameter `next`, if it is a page of this site."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def next_page(request: HttpRequest) -> str:
    """The `next` of the form or the query, if `page_of_ours` accepts it; else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return page_of_ours(request, wanted)


def page_of_ours(request: HttpRequest, wanted: str) -> str:
    """Return `wanted` when it is the path of a page of this site; otherwise "".

    It comes from the client, so it can be anything. It must begin with "/", because a
    redirect would take `abc` for a URL name and raise an error.
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
