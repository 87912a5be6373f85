"""The search view: it leads to a dossier, a person, a list, or a new visit."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from counter.desk.pages import known_elsewhere, show_desk, show_known
from counter.desk.search import Result, note_list, search, search_number
from counter.desk.search_form import SearchForm
from counter.dossiers.pages import new_visit
from counter.identity.national_number import NationalNumberError
from counter.models import Clerk
from counter.people.known_person import (
    known_person,
)
from counter.scans.scanned_document import Scan
from counter.staff.access import for_clerks
from counter.web.see_other import SeeOther, post_or_see


@sensitive_post_parameters()
@for_clerks
@post_or_see("counter_desk:desk")
def find_dossier(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Search by POST only: the text is personal data, and URLs are kept in logs.

    A single dossier found is opened. A number or a scanned document of a person who
    never came begins a new visit. A person who came before is shown on the desk page.
    """
    form = SearchForm(request.POST, clerk=clerk)
    if not form.is_valid():
        return show_desk(request, clerk, form, status=422)
    if form.scan is not None:
        return _scanned(request, clerk, form, form.scan)
    try:
        result = search(form.cleaned_data["q"], clerk=clerk)
    except NationalNumberError as error:
        form.add_error("q", str(error))
        return show_desk(request, clerk, form, status=422)
    return _show_result(request, clerk, form, result)


def _show_result(
    request: HttpRequest, clerk: Clerk, form: SearchForm, result: Result
) -> HttpResponse:
    if result.person is not None:
        return _known(request, clerk, form, result)
    if result.number is not None:
        begun = {"national_number": form.cleaned_data["q"]}
        return new_visit(request, clerk, begun=begun, unknown=True)
    if len(result.dossiers) == 1 and not result.guessed:
        return SeeOther("counter_dossiers:dossier", result.dossiers[0].pk)
    note_list(result, clerk=clerk, at=timezone.now())
    return show_desk(request, clerk, form, result=result)


def _scanned(
    request: HttpRequest, clerk: Clerk, form: SearchForm, scan: Scan
) -> HttpResponse:
    """Answer a scan. Only Belgian cards contain the national number by which a known
    person is found.
    """
    number = scan.mrz.national_number
    result = search_number(number, clerk=clerk) if number else Result()
    if result.person is not None:
        return _known(request, clerk, form, result, scan)
    if first := known_elsewhere(request, clerk, form, scan):
        return first
    return new_visit(
        request, clerk, begun=scan.visit, unknown=number is not None, scan=scan
    )


def _known(
    request: HttpRequest,
    clerk: Clerk,
    form: SearchForm,
    result: Result,
    scan: Scan | None = None,
) -> HttpResponse:
    known = known_person(result, scan, clerk=clerk, at=timezone.now())
    return show_known(request, clerk, form, known)
