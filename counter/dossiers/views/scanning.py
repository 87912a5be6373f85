"""The view for a document that is scanned on the recording page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from counter.desk.pages import known_elsewhere, show_known
from counter.desk.search import Result, search_number
from counter.desk.search_form import SearchForm
from counter.dossiers import drafts
from counter.dossiers.pages import new_visit
from counter.models import Clerk
from counter.people.known_person import known_person
from counter.scans.mrz import MrzError
from counter.scans.scan_merge import may_be_filled_in, merge
from counter.scans.scanned_document import Scan
from counter.staff.access import for_clerks
from counter.web.see_other import post_or_see


@sensitive_post_parameters()
@for_clerks
@post_or_see("counter_dossiers:record_applicant")
def scan_into_visit(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Show the form again as typed, with the values of the scanned document filled in.

    The rules are those of a scan on the desk page. When the clerk first has to decide
    about a known person, the desk page shows that person, and the form is kept as a
    draft. What was scanned is kept as well, as if it had been typed.
    """
    kept = drafts.save(clerk=clerk, typed=request.POST, at=timezone.now())
    form = SearchForm({"q": request.POST.get("scan", "")}, clerk=clerk)
    if form.is_valid() and form.scan is not None:
        return _fill_in(request, clerk, form, form.scan)
    refusals = form.errors.get("q") if "scan" in request.POST else None
    return new_visit(
        request,
        clerk,
        begun=_begun(request),
        kept=kept,
        notices=[str(refusal) for refusal in refusals or [MrzError("format")]],
        status=422,
    )


def _fill_in(
    request: HttpRequest, clerk: Clerk, form: SearchForm, scan: Scan
) -> HttpResponse:
    number = scan.mrz.national_number
    result = search_number(number, clerk=clerk) if number else Result()
    read = scan.fields
    notices = []
    if result.person is not None:
        known = known_person(result, scan, clerk=clerk, at=timezone.now())
        if not may_be_filled_in(known):
            return show_known(request, clerk, form, known)
        read = known.visit
        notices.append(_("This person came to this office before."))
    elif first := known_elsewhere(request, clerk, form, scan):
        return first
    merged = merge(_begun(request), read, scan)
    if merged.is_of_another:
        notices.append(
            _(
                "This form was begun for somebody else. What it said of that person is "
                "gone; e-mail address, reason and languages stayed: look at them."
            )
        )
    kept = drafts.save(clerk=clerk, typed=merged.fields, at=timezone.now())
    return new_visit(
        request,
        clerk,
        begun=merged.fields,
        kept=kept,
        unknown=number is not None and result.person is None,
        scan=scan,
        notices=notices,
    )


def _begun(request: HttpRequest) -> dict[str, str]:
    """The typed values, with the submission of the form."""
    submission = drafts.submission_of(request.POST)
    of_form = {"submission": str(submission)} if submission else {}
    return drafts.written(request.POST) | of_form
