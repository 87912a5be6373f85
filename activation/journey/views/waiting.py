"""More time on a page of the way, for who needs it (WCAG 2.2.1)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from activation.journey import resuming, steps, visit
from activation.models import ActivationCode
from activation.web import pages

#: The pages that have the button, and to which it leads back.
_PAGES = frozenset(
    {"choose_account", "renew_password", "choose_key", "enter_number", "confirm_key"}
)


@pages.sent_from("activation_journey:enter_code")
@steps.step
def more_time(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """The page waits anew from now; `steps.step` has noted that somebody is there.

    A script that asks stays on its page, with what is typed on it, and is told until
    when it waits. Without one the page is shown again.
    """
    at = timezone.now()
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(pages.waiting(visit.Visit.here(request, code.pk), at=at))
    page = request.POST.get("page", "")
    name = page if page in _PAGES else resuming.step_of(request, code, at=at)
    return pages.to_step(name, code.pk)
