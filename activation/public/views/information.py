"""The information page: for whom, what to bring, what it costs, when to come."""

import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from activation.one_time import key_kinds
from activation.public import holidays
from activation.public.prices import prices_for_everybody
from activation.public.texts import written_by
from activation.public.views.choosing import of_an_office
from counter.models import Office
from counter.offices import opening_hours

#: Closing days are told this long before.
CLOSING_DAYS_TOLD: Final = datetime.timedelta(weeks=6)


@require_safe
@of_an_office
def information(request: HttpRequest, office: Office | None) -> HttpResponse:
    """The page for everyone, with today's prices and how the office stands now."""
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
    """`/` leads to the page in the visitor's language; Dutch when it is not ours."""
    with translation.override(translation.get_language_from_request(request)):
        return redirect("activation_public:information")


def opening_context(office: Office, *, at: datetime.datetime) -> dict[str, object]:
    """`standing`, `week` and `closed` for the pages with hours."""
    today = timezone.localdate(at)
    hours = list(office.hours.all())
    closed = list(office.closing_days.filter(date__gte=today))
    dates = {day.date for day in closed}
    return {
        "standing": opening_hours.standing(hours=hours, closing_days=dates, at=at),
        "week": opening_hours.week(hours=hours, today=today) if hours else [],
        "closed": [
            holidays.closed(day)
            for day in closed
            if day.date <= today + CLOSING_DAYS_TOLD
        ],
    }
