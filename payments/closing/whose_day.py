"""Whose day is closed: the own office's, or the chosen one of who is above them.

Finance of the whole house reads the close of each office. Which one stands in the
address (`office`), so that a link, the paper and a file are of the same.
"""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from counter.identity import typed_digits
from counter.models import Clerk, Office


def to_choose(clerk: Clerk) -> QuerySet[Office]:
    """The offices among which one is chosen; none for who belongs to one."""
    offices = Office.objects.order_by("name", "pk")
    return offices if clerk.sees_every_office else offices.none()


def office_of(request: HttpRequest, clerk: Clerk) -> Office:
    """The own office; above the offices the one in the address, else the first.

    Raises PermissionDenied for who belongs to none and is not above them, Http404 for
    an office that there is not.
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
    """A page of the close, of this office."""
    page = reverse(f"payments_closing:{name}", args=[argument])
    return page if clerk.office_id else f"{page}?{urlencode({'office': office.pk})}"
