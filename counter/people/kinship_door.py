"""Redirects to the question about family before a page of an act on a person opens.

The middleware calls `stop` for every page of the desk whose URL has a dossier or
something that belongs to one, so that new pages are covered without more work. Each app
says which URLs those are (counter.desk.additions.Doors). The acts of supervisors in the
admin are covered too. The public's pages need it not: no clerk acts there.
"""

import uuid
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse

from counter.database.built_once import SOME_ID, Reader
from counter.desk import registry
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.people.kinship import Kin, OwnPersonError
from counter.roles import matrix
from counter.web.see_other import SeeOther

_NAMES: Final = Reader(
    lambda pk: Dossier.objects.filter(pk=pk),
    {"pk": SOME_ID},
    columns=("id", "office_id", "last_name", "first_names"),
)


def dossier_by_id(clerk: Clerk, pk: uuid.UUID) -> Dossier | None:
    """The dossier for the URL argument `pk`; None when the clerk may not see it.

    Only its names are loaded: the page itself reads the dossier again.
    """
    seen = (row for row in _NAMES.read(pk=pk) if clerk.sees_office(row.office_id))
    return next(seen, None)


def stop(request: HttpRequest, clerk: Clerk) -> HttpResponse | None:
    """A redirect when the clerk may not do this act, or not yet; otherwise None."""
    if not matrix.knows_applicants(clerk):
        return None  # a redirect would reveal the person's name; the page refuses
    match = request.resolver_match
    dossier = _dossier_of(match, clerk) if match else None
    if dossier is None:
        return None
    kin = kinship.forbidding_kin(dossier, clerk)
    if kin is Kin.NONE:
        return None
    if kin is Kin.SELF:
        messages.warning(request, str(OwnPersonError()))
        return SeeOther("counter_dossiers:dossier", dossier.pk)
    onward = request.path if request.method == "GET" else ""
    return SeeOther(question_about(dossier, onward=onward))


def question_about(dossier: Dossier, *, onward: str = "") -> str:
    """The URL of the question about family; `onward` is the page that follows it."""
    question = reverse("counter_people:family", args=[dossier.pk])
    return f"{question}?{urlencode({'next': onward})}" if onward else question


def _dossier_of(match: ResolverMatch, clerk: Clerk) -> Dossier | None:
    doors = registry.doors()
    if match.namespace not in doors.namespaces or match.view_name in doors.read_only:
        return None
    for name, value in match.kwargs.items():
        if name in doors.leads_to:
            return doors.leads_to[name](clerk, value)
    return None
