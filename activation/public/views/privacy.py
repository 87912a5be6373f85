"""The privacy notice: which data are kept, why, for how long, and people's rights."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activation.public.texts import written_by
from activation.public.views.choosing import of_an_office
from counter.backups import keeping
from counter.models import Office
from counter.retention import periods, registry


@require_safe
@of_an_office
def privacy(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Show the notice with the retention periods of this office.

    They come from the same registry as the periods of the nightly run.
    """
    words = periods.all_words(office)
    lines = [
        {"data": rule.data, "period": words[rule.code], "event": rule.event}
        for rule in registry.rules()
        if not rule.of_staff
    ]
    context = {
        "office": office,
        "lines": lines,
        "kept": registry.kept_of_the_public(),
        "in_backups": keeping.in_backups(),
        "texts": written_by(office),
    }
    return render(request, "activation/public/privacy.html", context)
