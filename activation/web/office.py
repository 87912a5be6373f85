"""The office that a page for applicants or key holders is about."""

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
    """The office that this visitor's page is about, or None.

    With `code_id` it is the office of that code. Otherwise it is the office of the
    account that is signed in and of the links opened in this browser, if they all have
    the same office. If that finds none, it is the office in the address or the only
    office (counter.offices.of_request).

    An account that is not fully signed in does not count: otherwise the page would
    reveal whether a typed name has an account.
    """
    if code_id is not None:
        known = _of_links([code_id])
    else:
        links = [link.code_id for link in opened_links.opened(request)]
        known = _of_links(links) | _of_account(request)
    return known.pop() if len(known) == 1 else of_request.office_of(request)


def _of_account(request: HttpRequest) -> set[Office]:
    """The office of the signed-in account, as a set; empty after the time limit.

    After that another person may be at the computer.
    """
    here = HolderSession.load(request)
    if here is None or not here.is_signed_in or here.is_over(timezone.now()):
        return set()
    holder = KeyHolder.objects.filter(pk=here.holder_id).first()
    if holder is None or holder.session_epoch != here.session_epoch:
        return set()
    return {holder.dossier.office}


def _of_links(ids: Iterable[uuid.UUID]) -> set[Office]:
    """The offices of these links, at most two; each is about a code or a change."""
    wanted = list(ids)
    codes = ActivationCode.objects.filter(pk__in=wanted)
    changes = AddressChange.objects.filter(pk__in=wanted)
    offices = Office.objects.filter(
        Q(pk__in=codes.values("dossier__office"))
        | Q(pk__in=changes.values("dossier__office"))
    )
    return set(offices[:2])
