"""The office of whoever looks at a page for applicants or key holders."""

import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from activation.holder.sessions.holder_session import HolderSession
from activation.journey import opened_links
from activation.models import ActivationCode, AddressChange, KeyHolder
from counter.models import Office
from counter.offices import of_request


def office_of_visitor(
    request: HttpRequest, *, code_id: uuid.UUID | None = None
) -> Office | None:
    """The office of what the visitor is about, else the only one there is, else None.

    That is: of the code `code_id`, or else of the account that is signed in and of the
    links that were opened in this browser, when all are of one office. Who is only on
    the way in is not looked at: the page for a name that has no account would look
    different.
    """
    if code_id is not None:
        known = _of_links([code_id])
    else:
        links = [link.code_id for link in opened_links.opened(request)]
        known = _of_links(links) | _of_account(request)
    return known.pop() if len(known) == 1 else of_request.office_of(request)


def _of_account(request: HttpRequest) -> set[Office]:
    """The signed-in account's office; none once its time is over.

    Then somebody else may be at the computer.
    """
    here = HolderSession.load(request)
    if here is None or not here.is_signed_in or here.is_over(timezone.now()):
        return set()
    holder = KeyHolder.objects.filter(pk=here.holder_id).first()
    if holder is None or holder.session_epoch != here.session_epoch:
        return set()
    return {holder.dossier.office}


def _of_links(ids: Iterable[uuid.UUID]) -> set[Office]:
    """A link is about a code, or about an address that was changed."""
    wanted = list(ids)
    codes = ActivationCode.objects.filter(pk__in=wanted)
    changes = AddressChange.objects.filter(pk__in=wanted)
    offices = Office.objects.filter(
        Q(pk__in=codes.values("dossier__office"))
        | Q(pk__in=changes.values("dossier__office"))
    )
    return set(offices[:2])
