"""The question about family, asked before each page of an act on a person.

The middleware asks it for every page of the desk whose address names a dossier or
something that belongs to one, so that a new page is covered by itself. Each app says
which addresses those are (counter.desk.additions.Doors). A supervisor's acts in the
admin are covered too; the public's pages do nothing in a clerk's name.
"""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse

from counter.desk import registry
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.people.kinship import Kin, OwnPersonError
from counter.roles import matrix
from counter.web.see_other import SeeOther


def dossier_by_id(clerk: Clerk, pk: uuid.UUID) -> Dossier | None:
    """What the argument `pk` of the desk's addresses leads to."""
    return Dossier.objects.visible_to(clerk).filter(pk=pk).first()


def stop(request: HttpRequest, clerk: Clerk) -> HttpResponse | None:
    """Where this request goes instead; None when nothing stands in its way."""
    if not matrix.knows_applicants(clerk):
        return None  # the answer would say whose name it is; the page itself refuses
    match = request.resolver_match
    dossier = _dossier_of(match, clerk) if match else None
    if dossier is None:
        return None
    standing = kinship.standing(dossier, clerk)
    if standing is Kin.NONE:
        return None
    if standing is Kin.SELF:
        messages.warning(request, str(OwnPersonError()))
        return SeeOther("counter_dossiers:dossier", dossier.pk)
    onward = request.path if request.method == "GET" else ""
    return SeeOther(question_about(dossier, onward=onward))


def question_about(dossier: Dossier, *, onward: str = "") -> str:
    """The page that asks whether it is family, and then leads on."""
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
