"""Giving a person more time on a page of the activation (WCAG 2.2.1)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from activation.journey import resuming, steps, visit
from activation.models import ActivationCode
from activation.web import pages

#: The pages that have the button; it redirects back to the same page.
_PAGES = frozenset(
    {"choose_account", "renew_password", "choose_key", "enter_number", "confirm_key"}
)


@pages.sent_from("activation_journey:enter_code")
@steps.step
def more_time(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Restart the time limit of the visit, which `steps.step` has done already.

    A script gets the new end as JSON, so that the page stays with what is typed on it.
    Without JavaScript the page is loaded again.
    """
    at = timezone.now()
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(pages.waiting(visit.Visit.here(request, code.pk), at=at))
    page = request.POST.get("page", "")
    name = page if page in _PAGES else resuming.step_of(request, code, at=at)
    return pages.to_step(name, code.pk)
