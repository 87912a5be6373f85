"""Draws the desk page, for all views that show it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from counter.database.first_rows import first_rows
from counter.desk import registry
from counter.desk.dashboard import counts_since, failed_sign_ins, problems
from counter.desk.problem import MOST_SHOWN
from counter.desk.search import Result
from counter.desk.search_form import SearchForm
from counter.models import Clerk, Dossier, Draft
from counter.offices import midnight
from counter.people.known_person import (
    Elsewhere,
    KnownPerson,
    doubts_of_scan,
)
from counter.scans.scanned_document import Scan
from counter.web.see_other import SeeOther

_MOST_DRAFTS = 5


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
    """The desk page, with the result of a search. When a person is shown, the search
    field does not take the focus.
    """
    if known is not None or elsewhere is not None:
        form.fields["q"].widget.attrs["autofocus"] = False
    dossiers = Dossier.objects.visible_to(clerk).select_related("applicant")
    began = midnight.before(timezone.now())
    visits = dossiers.filter(recorded_by=clerk).recorded_since(began)
    context = {
        "form": form,
        "result": result,
        "known": known,
        "elsewhere": elsewhere,
        "drafts": Draft.objects.visible_to(clerk).kept(timezone.now())[:_MOST_DRAFTS],
        "counts": counts_since(began, clerk=clerk),
        "failed_sign_ins": failed_sign_ins(clerk, at=timezone.now()),
        "visits": registry.with_columns(visits),
        "columns": registry.columns(),
        "problems": first_rows(problems(clerk, at=timezone.now()), MOST_SHOWN),
    }
    return render(request, "counter/desk/desk.html", context, status=status)


def known_elsewhere(
    request: HttpRequest, clerk: Clerk, form: SearchForm, scan: Scan
) -> HttpResponse | None:
    """The desk page with a warning, when the scanned number is known under another
    name.

    None when there is no such doubt, or only slight ones.
    """
    doubts = doubts_of_scan(scan, clerk=clerk)
    if all(doubt.slight for doubt in doubts):
        return None
    form.forget()
    return show_desk(request, clerk, form, elsewhere=Elsewhere(scan, doubts))


def show_known(
    request: HttpRequest, clerk: Clerk, form: SearchForm, known: KnownPerson
) -> HttpResponse:
    """Redirect to the open dossier when there is nothing else to tell about the person;
    otherwise show the person on the desk page.
    """
    if known.open_dossier and known.has_only_an_open_dossier:
        return SeeOther("counter_dossiers:dossier", known.open_dossier.pk)
    form.forget()
    refused = known.scan is not None and known.scan.refusal is not None
    return show_desk(request, clerk, form, known=known, status=422 if refused else 200)
