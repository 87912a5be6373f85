"""The desk: one field to start from, today's visits, what needs attention."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from counter.access import SeeOther, for_clerks
from counter.day import counts_since, problems
from counter.enums import OPEN_STATES
from counter.forms import SearchForm
from counter.models import Clerk, Dossier, Draft
from counter.national_number import NationalNumberError
from counter.search import Result, search
from counter.views.recording import new_visit

_MOST_PROBLEMS = 20
_MOST_DRAFTS = 5


@require_safe
@for_clerks
def desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    return _show(request, clerk, SearchForm())


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def find_dossier(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """By POST only: what is searched for is about people, and addresses are kept.

    One open dossier opens; a number nobody has come with begins a visit.
    """
    if request.method != "POST":
        return redirect("counter:desk")
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _show(request, clerk, form, status=422)
    try:
        result = search(form.cleaned_data["q"], clerk=clerk)
    except NationalNumberError as error:
        form.add_error("q", str(error))
        return _show(request, clerk, form, status=422)
    if _is_the_one(result):
        return SeeOther("counter:dossier", result.dossiers[0].pk)
    if result.number and not result.dossiers:
        return new_visit(request, clerk, number=form.cleaned_data["q"], unknown=True)
    return _show(request, clerk, form, result=result)


def _is_the_one(result: Result) -> bool:
    """Whether there is nothing to choose: it may be opened without asking."""
    if len(result.dossiers) != 1 or result.guessed:
        return False
    return result.number is None or result.dossiers[0].state in OPEN_STATES


def _show(
    request: HttpRequest,
    clerk: Clerk,
    form: SearchForm,
    *,
    result: Result | None = None,
    status: int = 200,
) -> HttpResponse:
    dossiers = Dossier.objects.visible_to(clerk).select_related("applicant")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    visits = dossiers.filter(recorded_by=clerk).recorded_since(midnight)
    context = {
        "form": form,
        "result": result,
        "drafts": Draft.objects.visible_to(clerk).kept(timezone.now())[:_MOST_DRAFTS],
        "counts": counts_since(midnight, clerk=clerk),
        "visits": visits.prefetch_related("deliveries"),
        "problems": list(problems(clerk, at=timezone.now()))[:_MOST_PROBLEMS],
    }
    return render(request, "counter/desk.html", context, status=status)
