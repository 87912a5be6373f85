"""The decorator `step` for the views that a person sees after typing the code."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from activation.enums import CodeState
from activation.exceptions import CodeEndedError, TooManyRequestsError
from activation.journey import dead_ends, ending, opened_links, visit
from activation.journey.visit import VisitStage
from activation.models import ActivationCode
from activation.web import pages
from activation.web.throttling import count_request
from counter.web.see_other import SeeOther
from counter.web.visitor_address import address_of

type StepView[**P] = Callable[Concatenate[HttpRequest, ActivationCode, P], HttpResponse]


def step[**P](view: StepView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorate a view that needs a typed code: it gets that code as an argument.

    Without a running visit, or when the code is not usable, the view is not called; the
    person gets a page or a redirect that says how to continue. POSTs are throttled.
    """

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        at = timezone.now()
        code = _code_or_way_on(request, at)
        if isinstance(code, HttpResponse):
            return code
        visit.note_seen(request, code.pk, at=at)
        try:
            if request.method == "POST":
                count_request(address=address_of(request), at=at)
            return view(request, code, *args, **kwargs)
        except TooManyRequestsError as error:
            return pages.wait(request, code.dossier.office, error, at=at)
        except CodeEndedError:
            return _ended(request, code.pk)

    return handle


def _code_or_way_on(
    request: HttpRequest, at: datetime
) -> ActivationCode | HttpResponse:
    asked = visit.asked_for(request)
    if asked is None:
        # Keep the reference that was asked for: the page says that this link is not
        # open here.
        return SeeOther(opened_links.address("enter_code", opened_links.named(request)))
    match visit.visit_stage(request, asked, at=at):
        case VisitStage.NONE:
            if ending.ended_in_a_key(request, asked):
                return pages.to_step("done", asked)
            again = dead_ends.still_again(request, asked, at=at)
            return again or pages.to_step("enter_code", asked)
        case VisitStage.OVER:
            return _ask_again(request, asked)
    return visit.usable_code(asked, at=at) or _ended(request, asked)


def _ask_again(request: HttpRequest, typed: uuid.UUID) -> HttpResponse:
    """End a visit whose time is over, and ask for the code again.

    The person need not open the link again: it is put back into the cookie.
    """
    visit.forget(request, typed)
    messages.warning(
        request,
        _(
            "You were away for a while. For your safety, type your code again: then "
            "you go on where you were."
        ),
    )
    response = pages.to_step("enter_code", typed)
    opened_links.remember(request, response, typed)
    return response


def _ended(request: HttpRequest, typed: uuid.UUID) -> HttpResponse:
    """The answer when the code stopped being usable during the visit.

    When it was used, another tab or device was first. The session is then not saved,
    because that tab may be writing to it now.
    """
    code = (
        ActivationCode.objects.select_related("dossier__office")
        .filter(pk=typed)
        .first()
    )
    if code is not None and code.state == CodeState.USED:
        request.session.modified = False
        return pages.show(
            request,
            "activation/journey/already_active.html",
            {"office": code.dossier.office},
            status=409,
        )
    visit.forget(request, typed)
    response = dead_ends.dead_link(request, code)
    if not opened_links.find(
        request, typed
    ):  # a reload, another language: the same page
        opened_links.remember(request, response, typed)
    return response
