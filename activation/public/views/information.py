"""The information page: for whom, what to bring, what it costs, when to come."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from activation.one_time import key_kinds
from activation.public.opening import opening_context
from activation.public.prices import prices_for_everybody
from activation.public.texts import written_by
from activation.public.views.choosing import of_an_office
from counter.models import Office


@require_safe
@of_an_office
def information(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Show the page for everyone, with today's prices and whether the office is open.

    Before set-up there is no office and the page has neither.
    """
    at = timezone.now()
    context: dict[str, object] = {
        "office": office,
        "kinds": key_kinds.offered_by(office),
        "texts": written_by(office),
        "prices": [],
    }
    if office is not None:
        context["prices"] = prices_for_everybody(office, on=timezone.localdate(at))
        context |= opening_context(office, at=at)
    return render(request, "activation/public/information.html", context)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirect `/` to the page in the visitor's language, or in Dutch if we lack it."""
    with translation.override(translation.get_language_from_request(request)):
        return redirect("activation_public:information")
