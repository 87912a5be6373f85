"""The office whose close is shown: the clerk's own, or one that the clerk chose.

Staff who see every office, such as the city's finance service, choose one. It is in the
query string (`office`), so that links, the PDF and the file are of the same office.
"""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from counter.identity import typed_digits
from counter.models import Clerk, Office


def to_choose(clerk: Clerk) -> QuerySet[Office]:
    """The offices that the clerk may choose from; none unless they see every office."""
    offices = Office.objects.order_by("name", "pk")
    return offices if clerk.sees_every_office else offices.none()


def office_of(request: HttpRequest, clerk: Clerk) -> Office:
    """The clerk's own office, or else the one in the query string, or else the first.

    Raises PermissionDenied for a clerk without an office who does not see every office,
    and Http404 for an office that does not exist.
    """
    if clerk.office is not None:
        return clerk.office
    if not clerk.sees_every_office:
        raise PermissionDenied
    offices, wanted = to_choose(clerk), request.GET.get("office", "")
    number = typed_digits.count(wanted) or 0
    chosen = offices.filter(pk=number).first() if wanted else offices.first()
    if chosen is None:
        raise Http404
    return chosen


def address(name: str, argument: object, office: Office, clerk: Clerk) -> str:
    """The address of a page of the close, for this office."""
    page = reverse(f"payments_closing:{name}", args=[argument])
    return page if clerk.office_id else f"{page}?{urlencode({'office': office.pk})}"
