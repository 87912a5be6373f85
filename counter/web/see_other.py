"""The redirect after a form was saved, and for an address that only takes a form."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.views.decorators.http import require_POST


class SeeOther(HttpResponseRedirect):
    """A redirect with status 303, which the browser follows by GET.

    `to` is a URL name with its arguments, or a URL.
    """

    status_code = 303

    def __init__(self, to: str, *args: object) -> None:
        super().__init__(resolve_url(to, *args))


def post_or_see[**P](
    page: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A decorator for a view that answers a POST with a whole page.

    Such a page stands under an address to which the lock screen, the sign-in and the
    switch of the language come back by GET. They are redirected to the page with the
    URL name `page` and the same arguments.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def shown(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                return SeeOther(reverse(page, kwargs=kwargs))
            return require_POST(view)(request, *args, **kwargs)

        return shown

    return decorate
