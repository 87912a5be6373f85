"""The list of offices, for a public page whose address does not name its office."""

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
    """Decorate the view of a public page: it gets the office that the page is about.

    With several offices and none in the address, the list of offices is shown instead.
    The view gets None only before set-up. A single office has one address for the page,
    the one without its word; the other address redirects there.
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
    """Show the list of offices.

    After a POST it says that the form was not sent: it was shown when there was only
    one office.
    """
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
    """The URL name of the requested page."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name or "activation_public:information"


def _page_of(request: HttpRequest, office: Office) -> str:
    """The address of the requested page for this office, one of several."""
    return reverse(_name(request), kwargs={"office": office})


def _with_query(request: HttpRequest, address: str) -> str:
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address
