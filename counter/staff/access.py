"""View decorators that decide who may open a page, and redirects to the sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import get_language_from_path
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from counter.models import Clerk
from counter.roles import matrix, role_rights
from counter.roles.kinds import Act
from counter.web.next_page import page_of_ours
from counter.web.see_other import SeeOther


def is_part(request: HttpRequest) -> bool:
    """Whether htmx requests a part of a page; no other page may be put into it."""
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(details)


def to_sign_in(request: HttpRequest, back: str = "") -> HttpResponse:
    """Redirect to the sign-in page, which afterwards leads to this page (or `back`).

    When htmx requested a part of a page, the whole page is redirected, so that the
    sign-in form does not appear inside that part.
    """
    page = back or page_of(request)
    if not is_part(request):
        return redirect_to_login(page or request.path)
    sign_in = resolve_url("counter_sign_in:sign_in")
    query = f"?{urlencode({'next': page})}" if page else ""
    return HttpResponseClientRedirect(sign_in + query)


def page_of(request: HttpRequest) -> str:
    """The path of the page on which the clerk was, "" when it is unknown.

    The query is left out, because it may contain personal data. For a POST or a part of
    a page it is the page that sent the request, because the URL of the request may not
    be a page of its own.
    """
    if is_part(request):
        return _page_at(request, request.headers.get("HX-Current-URL", ""))
    if request.method != "POST":
        return request.path
    return _page_at(request, request.headers.get("Referer", ""))


def to_page_again(request: HttpRequest) -> HttpResponse:
    """Redirect to the page from which this request came.

    Public pages send no Referer header (no-referrer), but each of their URLs can be
    opened, so there it is the URL of the request.
    """
    public = get_language_from_path(request.path_info) is not None
    page = page_of(request) or (
        request.path if public else reverse("counter_desk:desk")
    )
    if is_part(request):
        return HttpResponseClientRedirect(page)
    return SeeOther(page)


def _page_at(request: HttpRequest, address: str) -> str:
    """The path of a URL of this site; "" for any other text.

    `address` comes from a header, so it can be anything.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_ours = parts.netloc == request.get_host() and parts.scheme == request.scheme
    return page_of_ours(request, parts.path) if is_ours else ""


type _WithClerk[**P] = Callable[Concatenate[HttpRequest, Clerk, P], HttpResponse]
type _View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_staff[**P](view: _WithClerk[P]) -> _View[P]:
    """Pass the signed-in clerk of any role to the view; redirect others to sign in."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        clerk = request.user
        if not isinstance(clerk, Clerk):
            return to_sign_in(request)
        return view(request, clerk, *args, **kwargs)

    return guarded


class ForThoseWhoMay:
    """A decorator like `for_staff` that raises PermissionDenied when the role of the
    clerk does not allow `act`.

    `to_send` is an act that must also be allowed for methods other than GET and HEAD.
    """

    def __init__(self, act: Act, *, to_send: Act | None = None) -> None:
        self._act = act
        self._to_send = to_send

    def __call__[**P](self, view: _WithClerk[P]) -> _View[P]:
        @wraps(view)
        def allowed(
            request: HttpRequest, clerk: Clerk, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            asked = [self._act]
            if self._to_send and request.method not in ("GET", "HEAD"):
                asked.append(self._to_send)
            if not all(matrix.may(clerk, act) for act in asked):
                raise PermissionDenied
            return view(request, clerk, *args, **kwargs)

        return for_staff(allowed)


#: The decorator of nearly all pages of the desk.
for_clerks: Final = ForThoseWhoMay(role_rights.WORK_AT_THE_DESK)
