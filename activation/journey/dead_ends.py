"""Pages for a person who cannot continue: no link, an ended link, or a wait."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from activation.codes import saved_progress
from activation.enums import CodeState
from activation.journey import opened_links, visit
from activation.models import ActivationCode
from activation.web import pages
from activation.web.office import office_of_visitor


def link_needed(request: HttpRequest) -> HttpResponse:
    """The page that asks to open the link: none was opened here, or another one."""
    has_other = bool(opened_links.opened(request)) or visit.has_begun(request)
    return pages.link_needed(request, office_of_visitor(request), has_other=has_other)


def start_again(
    request: HttpRequest, code: ActivationCode, *, free_at: datetime
) -> HttpResponse:
    """End the visit after too many wrong digits, and show the page that says so.

    The person has to type the code again after `free_at`, and choose a key again; the
    account is kept.
    """
    visit.start_again(request, code.pk, again_at=free_at, at=timezone.now())
    saved_progress.forget_key(code.pk)
    response = pages.start_again(request, code, free_at)
    opened_links.remember(request, response, code.pk)
    return response


def still_again(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> HttpResponse | None:
    """The page of `start_again` again, while the person still has to wait; or None.

    For a reload of the page, or the same page in another language.
    """
    waiting = visit.code_to_try_again(request, code_id, at=at)
    return pages.start_again(request, *waiting) if waiting else None


def locked(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The page that says that the code is locked.

    Only the browser in which the last wrong code was typed sees it; the link cookie
    stores which one that was.
    """
    response = pages.code_locked(request, code)
    opened_links.remember(request, response, code.pk, locked_here=True)
    return response


def dead_link(request: HttpRequest, code: ActivationCode | None) -> HttpResponse:
    """The page for a link that does not work, or the one that is right for the code.

    All links that ended get the same page. Exceptions: a link on hold may work again,
    and its page says so; and the browser whose wrong codes locked the code is told so.
    """
    if code is not None and code.is_on_hold(timezone.now()):
        return pages.on_hold(request, code.dossier.office)
    if code is not None and code.state == CodeState.LOCKED:
        link = opened_links.find(request, code.pk)
        if link is not None and link.locked_here:
            return pages.code_locked(request, code)
    return pages.link_ended(request, code)
