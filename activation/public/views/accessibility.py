"""The accessibility statement that a public website must have (directive 2016/2102)."""

import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activation.public.texts import written_by
from activation.public.views.choosing import of_an_office
from counter.models import Office

#: When the pages were last checked with the method that the statement names.
CHECKED_ON: Final = datetime.date(2026, 11, 30)


@require_safe
@of_an_office
def accessibility(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Show the statement that the supervisor wrote, or else the product's own."""
    context = {
        "office": office,
        "texts": written_by(office),
        "checked_on": CHECKED_ON,
    }
    return render(request, "activation/public/accessibility.html", context)
