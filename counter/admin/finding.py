"""The admin's search for a person by name, e-mail, receipt, reference or number.

It works by POST only, because browsers and logs keep URLs. It is the desk's own search,
with the same entries in the journal (counter.desk.search).
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from counter.desk.search import Result, note_list, search
from counter.identity.national_number import NationalNumberError
from counter.journal import looks
from counter.models import Clerk, Dossier
from counter.supervision.find_form import FindForm


@sensitive_variables()
def find(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the form or the results; redirect to a single dossier or person."""
    clerk = request.user
    if not isinstance(clerk, Clerk):
        raise PermissionDenied
    form = FindForm(request.POST if request.method == "POST" else None)
    result = _result(form, clerk)
    if result is None:
        status = 422 if form.is_bound else 200
        form.forget()
        return _page(request, site, status=status, form=form)
    if result.person is not None:
        page = reverse("admin:counter_applicant_change", args=[result.person.pk])
        return HttpResponseRedirect(page, status=303)
    if len(result.dossiers) == 1 and not result.guessed:
        # Recorded before the dossier's page opens: the redirect itself tells that this
        # person came.
        looks.note(result.dossiers[0], clerk=clerk, at=timezone.now())
        page = reverse("admin:counter_dossier_change", args=[result.dossiers[0].pk])
        return HttpResponseRedirect(page, status=303)
    note_list(result, clerk=clerk, at=timezone.now())
    form.forget()
    return _page(request, site, form=form, result=result)


@sensitive_variables()
def _result(form: FindForm, clerk: Clerk) -> Result | None:
    if not form.is_valid():
        return None
    text, reason = form.cleaned_data["q"], form.cleaned_data["reason"]
    try:
        return search(text, clerk=clerk, reason=reason)
    except NationalNumberError as error:
        form.add_error("q", str(error))
        return None


def _page(
    request: HttpRequest, site: AdminSite, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": Dossier._meta.verbose_name_plural,
        "opts": Dossier._meta,
        "result": None,
        **extra,
    }
    page = "admin/counter/dossier/find.html"
    return TemplateResponse(request, page, context, status=status)
