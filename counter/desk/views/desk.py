"""The desk: one field to start from, today's visits, what needs attention."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from counter.access import for_clerks
from counter.day import counts_since, failed_sign_ins, problems
from counter.known import Elsewhere, KnownPerson
from counter.models import Clerk, Dossier, Draft
from counter.search import Result
from counter.search_form import SearchForm

_MOST_PROBLEMS = 20
_MOST_DRAFTS = 5


@require_safe
@for_clerks
def desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    return show_desk(request, clerk, SearchForm())


def show_desk(
    request: HttpRequest,
    clerk: Clerk,
    form: SearchForm,
    *,
    result: Result | None = None,
    known: KnownPerson | None = None,
    elsewhere: Elsewhere | None = None,
    status: int = 200,
) -> HttpResponse:
    """The desk, with what a search found; the focus goes where the next action is."""
    if known is not None or elsewhere is not None:
        form.fields["q"].widget.attrs["autofocus"] = False
    dossiers = Dossier.objects.visible_to(clerk).select_related("applicant")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    visits = dossiers.filter(recorded_by=clerk).recorded_since(midnight)
    context = {
        "form": form,
        "result": result,
        "known": known,
        "elsewhere": elsewhere,
        "drafts": Draft.objects.visible_to(clerk).kept(timezone.now())[:_MOST_DRAFTS],
        "counts": counts_since(midnight, clerk=clerk),
        "failed_sign_ins": failed_sign_ins(clerk, at=timezone.now()),
        "visits": visits.with_mails(),
        "problems": list(problems(clerk, at=timezone.now()))[:_MOST_PROBLEMS],
    }
    return render(request, "counter/desk.html", context, status=status)
