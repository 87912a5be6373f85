"""The pages that open the link from the mail and ask for the code from the paper."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_safe

from activation.codes import links
from activation.exceptions import (
    ActivationError,
    CodeEndedError,
    CodeLockedError,
    TooManyRequestsError,
)
from activation.journey import (
    activating,
    dead_ends,
    ending,
    opened_links,
    resuming,
    visit,
)
from activation.journey.forms.code import CodeForm
from activation.journey.visit import VisitStage
from activation.models import ActivationCode
from activation.web import pages
from activation.web.throttling import count_request
from counter.web.visitor_address import address_of


@require_safe
@sensitive_variables()
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Check the token, and redirect to a page whose address does not contain it.

    Mail scanners open links too, so this writes nothing to the database: which link was
    opened is stored in a signed cookie. A link may be opened any number of times.
    """
    known = links.find(token)
    code = visit.usable_code(known.pk, at=timezone.now()) if known else None
    if code is None:
        return dead_ends.dead_link(request, known)
    response = pages.to_step("enter_code", code.pk)
    opened_links.remember(request, response, code.pk)
    return response


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; during a visit, redirect to the page where it continues."""
    at = timezone.now()
    asked = visit.asked_for(request)
    if asked is None:
        return dead_ends.link_needed(request)
    going_on = visit.visit_stage(request, asked, at=at) is VisitStage.GOING_ON
    if going_on and request.method != "POST":
        code = visit.usable_code(asked, at=at)
        step = resuming.step_of(request, code, at=at) if code else "choose_account"
        return pages.to_step(step, asked)
    code = visit.code_to_type(asked, at=at)
    if code is None or opened_links.find(request, asked) is None:
        return _no_code_to_type(request, asked)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _try_code(request, code, form, at)
    return _ask(request, code, form)


def _no_code_to_type(request: HttpRequest, asked: UUID) -> HttpResponse:
    """The answer when no code can be typed, for one of three reasons.

    The visit has ended with an active key (the person may not have received the answer
    that said so), the link was not opened in this browser within the hour, or the link
    no longer works.
    """
    if ending.ended_in_a_key(request, asked):
        return pages.to_step("done", asked)
    if opened_links.find(request, asked) is None:
        return dead_ends.link_needed(request)
    ended = ActivationCode.objects.filter(pk=asked).first()
    return dead_ends.dead_link(request, ended)


def _ask(request: HttpRequest, code: ActivationCode, form: CodeForm) -> HttpResponse:
    return pages.show_step(
        request,
        "activation/journey/enter_code.html",
        {"form": form},
        code=code,
        step="code",
        status=422 if form.errors else 200,
    )


@sensitive_variables()
def _try_code(
    request: HttpRequest, code: ActivationCode, form: CodeForm, at: datetime
) -> HttpResponse:
    office = code.dossier.office
    try:
        count_request(address=address_of(request), at=at)
        code = activating.accept_code(
            code_id=code.pk, typed=form.cleaned_data["code"], at=at
        )
    except TooManyRequestsError as error:
        return pages.wait(request, office, error, at=at)
    except CodeLockedError:
        return dead_ends.locked(request, code)
    except CodeEndedError:
        code.refresh_from_db(fields=["state"])
        return dead_ends.dead_link(request, code)
    except ActivationError as error:
        form.add_error("code", str(error))
        return _ask(request, code, form)
    visit.start(request, code, at=at)
    resuming.pick_up(request, code, at=at)
    return pages.to_step(resuming.step_of(request, code, at=at), code.pk)
