"""The product's addresses and the page they are compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls as product
from counter.models import Clerk, Office
from counter.staff.access import for_clerks


@for_clerks
def peer(_request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The least a page of the desk can do: session, user and one query."""
    return HttpResponse(Office.objects.visible_to(clerk).get().name)


def one_query(_request: HttpRequest) -> HttpResponse:
    """The least a page for an applicant can do: one query."""
    return HttpResponse(Office.objects.values_list("name", flat=True).get())


handler500 = product.handler500
urlpatterns = [
    path("bench/peer/", peer, name="bench_peer"),
    path("bench/one-query/", one_query, name="bench_one_query"),
    *product.urlpatterns,
]
