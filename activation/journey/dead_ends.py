"""Pages for whoever gets no further: no link, a dead one, or a wait."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from activation.codes import kept_way
from activation.enums import CodeState
from activation.journey import opened_links, visit
from activation.models import ActivationCode
from activation.web import pages
from activation.web.office import office_of_visitor


def link_needed(request: HttpRequest) -> HttpResponse:
    """No link, or not one of those that were opened here."""
    has_other = bool(opened_links.opened(request)) or visit.has_begun(request)
    return pages.link_needed(request, office_of_visitor(request), has_other=has_other)


def start_again(
    request: HttpRequest, code: ActivationCode, *, free_at: datetime
) -> HttpResponse:
    """Too many wrong digits: back to the code; nothing else has to be typed again."""
    visit.start_again(request, code.pk, again_at=free_at, at=timezone.now())
    kept_way.forget_key(code.pk)
    response = pages.start_again(request, code, free_at)
    opened_links.remember(request, response, code.pk)
    return response


def still_again(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> HttpResponse | None:
    """The page of `start_again`, reloaded or in another language, while it is true."""
    waiting = visit.code_to_try_again(request, code_id, at=at)
    return pages.start_again(request, *waiting) if waiting else None


def locked(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The code is locked; said only in the browser that typed the last wrong code."""
    response = pages.code_locked(request, code)
    opened_links.remember(request, response, code.pk, locked_here=True)
    return response


def dead_link(request: HttpRequest, code: ActivationCode | None) -> HttpResponse:
    """One page for every dead link, except in the browser where wrong codes locked it.

    A link on hold is not dead: it may work again, and its page says so.
    """
    if code is not None and code.is_on_hold(timezone.now()):
        return pages.on_hold(request, code.dossier.office)
    if code is not None and code.state == CodeState.LOCKED:
        link = opened_links.find(request, code.pk)
        if link is not None and link.locked_here:
            return pages.code_locked(request, code)
    return pages.link_ended(request, code)
