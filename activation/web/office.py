"""The office of whoever looks at a page for applicants or key holders."""

import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest

from activation.holder.sessions.belonging import HOLDER
from activation.journey import opened_links
from activation.models import ActivationCode, AddressChange, KeyHolder
from counter.models import Office
from counter.offices import of_request


def office_of_visitor(
    request: HttpRequest, *, code_id: uuid.UUID | None = None
) -> Office | None:
    """The office of what the visitor is about, else the only one there is, else None.

    That is: of the code `code_id`, of the account that is signed in, of the links that
    were opened in this browser when all are of one office. Who is only on the way in
    is not looked at: the page for a name that has no account would look different.
    """
    known = None
    if code_id is not None:
        known = _of_links([code_id])
    elif holder := request.session.get(HOLDER):
        known = _of_holder(holder)
    elif links := opened_links.opened(request):
        known = _of_links([link.code_id for link in links])
    return known or of_request.office_of(request)


def _of_holder(pk: str) -> Office | None:
    holder = KeyHolder.objects.filter(pk=pk).first()
    return holder.dossier.office if holder else None


def _of_links(ids: Iterable[uuid.UUID]) -> Office | None:
    """A link is about a code, or about an address that was changed."""
    wanted = list(ids)
    codes = ActivationCode.objects.filter(pk__in=wanted)
    changes = AddressChange.objects.filter(pk__in=wanted)
    offices = Office.objects.filter(
        Q(pk__in=codes.values("dossier__office"))
        | Q(pk__in=changes.values("dossier__office"))
    )
    few = list(offices[:2])
    return few[0] if len(few) == 1 else None
