"""The list of offices, for a public page whose address names none of several."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from activation.web import pages
from counter.models import Office
from counter.offices import of_request

type OfficeView = Callable[[HttpRequest, Office | None], HttpResponse]
type PublicView = Callable[..., HttpResponse]


def of_an_office(view: OfficeView) -> PublicView:
    """A page of one office; with several and none in the address, the list of them.

    The view gets None before set-up only. With one office its page has one address,
    the plain one: the one with its word leads there.
    """

    @wraps(view)
    def handle(request: HttpRequest, office: Office | None = None) -> HttpResponse:
        if office is None:
            office = of_request.office_of(request)
            if office is None and Office.objects.are_several():
                return _choose(request)
        elif office.is_the_only_one and request.method in ("GET", "HEAD"):
            address = of_request.page_address(_name(request), office)
            return redirect(_with_query(request, address))
        return view(request, office)

    return handle


def _choose(request: HttpRequest) -> HttpResponse:
    """The list; with a word for who sent a form that was open when it grew."""
    choices = [
        {"office": office, "address": _with_query(request, _page_of(request, office))}
        for office in Office.objects.order_by("name")
    ]
    was_sent = request.method == "POST"
    return pages.show(
        request,
        "activation/public/offices.html",
        {"choices": choices, "was_sent": was_sent},
        status=409 if was_sent else 200,
    )


def _name(request: HttpRequest) -> str:
    """The page that was asked for."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name or "activation_public:information"


def _page_of(request: HttpRequest, office: Office) -> str:
    """That page of this office, which is one of several."""
    return reverse(_name(request), kwargs={"office": office})


def _with_query(request: HttpRequest, address: str) -> str:
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address
