"""The door before each page of an act on a person (counter.people.kinship).

Asked by the middleware for every page of the desk whose address names a dossier, or
something that belongs to one, so that a new act is behind it without being told.
"""

import uuid
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse

from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.people.kinship import Kin, OwnPersonError
from counter.staff.access import SeeOther

#: Whose addresses are the desk's; the public's and the admin's do nothing to a dossier
#: in a clerk's name.
OF_THE_DESK: Final = frozenset(
    {"counter", "activation_desk", "notifications_desk", "payments"}
)
#: Pages that only show a dossier, and the one that asks.
READ_ONLY: Final = frozenset(
    {"counter:dossier", "counter:mail_state", "counter:family"}
)


def _dossier(clerk: Clerk, pk: uuid.UUID) -> Dossier | None:
    return Dossier.objects.visible_to(clerk).filter(pk=pk).first()


#: By the name of an address's argument, the dossier it leads to. A higher app adds its
#: own when it is ready.
LEADS_TO: Final[dict[str, Callable[[Clerk, uuid.UUID], Dossier | None]]] = {
    "pk": _dossier
}


def stop(request: HttpRequest, clerk: Clerk) -> HttpResponse | None:
    """Where this request goes instead; None when nothing stands in its way."""
    match = request.resolver_match
    dossier = _dossier_of(match, clerk) if match else None
    if dossier is None:
        return None
    standing = kinship.standing(dossier, clerk)
    if standing is Kin.NONE:
        return None
    if standing is Kin.SELF:
        messages.warning(request, str(OwnPersonError()))
        return SeeOther("counter:dossier", dossier.pk)
    question = reverse("counter:family", args=[dossier.pk])
    if request.method == "GET":
        question += "?" + urlencode({"next": request.path})
    return SeeOther(question)


def _dossier_of(match: ResolverMatch, clerk: Clerk) -> Dossier | None:
    if match.namespace not in OF_THE_DESK or match.view_name in READ_ONLY:
        return None
    for name, value in match.kwargs.items():
        if name in LEADS_TO:
            return LEADS_TO[name](clerk, value)
    return None
