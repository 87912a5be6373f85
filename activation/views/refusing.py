"""“I did not ask for this”: only who holds the link says so, without the code."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from activation import links
from activation.enums import CodeState
from activation.exceptions import CodeEndedError, TooManyRequestsError
from activation.forms.refusal import NotMineForm
from activation.models import ActivationCode
from activation.services.freezing import freeze_code
from activation.services.throttling import address_of, count_request
from activation.views import pages, visit


@require_safe
@sensitive_variables()
def open_refusal(request: HttpRequest, token: str) -> HttpResponse:
    """The second link of the mail; like the first one it writes nothing."""
    found = links.find(token)
    if found is None or not _can_be_said_of(found):
        return pages.link_ended(request, found)
    response = pages.see_other("activation:not_mine")
    visit.remember_link(response, found.pk)
    return response


def _can_be_said_of(code: ActivationCode) -> bool:
    if code.state == CodeState.FROZEN:
        return True
    return visit.usable_code(code.pk, at=timezone.now()) is not None


@require_http_methods(["GET", "HEAD", "POST"])
def not_mine(request: HttpRequest) -> HttpResponse:
    """Ask once more, then freeze the code; afterwards say that this was done."""
    at = timezone.now()
    linked = visit.linked_code_id(request) or visit.code_id(request)
    if linked is None:
        return pages.link_needed(request)
    code = (
        ActivationCode.objects.select_related("dossier__office")
        .filter(pk=linked)
        .first()
    )
    if code is None:  # deleted since, while the cookie lives on
        return pages.link_ended(request, None)
    office = code.dossier.office
    if code.state == CodeState.FROZEN:
        return pages.dead_end(request, "activation/frozen.html", office, status=200)
    form = NotMineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _stop(request, code, at)
    return pages.show(
        request,
        "activation/not_mine.html",
        {"form": form, "office": office},
        status=422 if form.errors else 200,
    )


def _stop(request: HttpRequest, code: ActivationCode, at: datetime) -> HttpResponse:
    try:
        count_request(address=address_of(request), at=at)
        freeze_code(code_id=code.pk, at=at)
    except TooManyRequestsError as error:
        return pages.wait(request, code.dossier.office, error, at=at)
    except CodeEndedError:
        return pages.link_ended(request, code)
    response = pages.see_other("activation:not_mine")
    visit.remember_link(response, code.pk)
    return response
