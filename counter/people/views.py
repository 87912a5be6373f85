"""The page that asks whether a person with the clerk's family name is family."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from counter.dossiers.find import dossier_for
from counter.models import Clerk
from counter.people import kinship, kinship_answer
from counter.people.family_form import FamilyForm
from counter.people.kinship import Kin
from counter.staff.access import for_clerks
from counter.web.next_page import next_page
from counter.web.see_other import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def family(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Ask the question, store the answer, and go on to the page of the act."""
    dossier = dossier_for(clerk, pk)
    if kinship.forbidding_kin(dossier, clerk) is not Kin.SAME_NAME:
        return SeeOther("counter_dossiers:dossier", pk)
    form = FamilyForm(
        request.POST if request.method == "POST" else None,
        clerk=clerk,
        last_name=dossier.last_name,
        first_names=dossier.first_names,
    )
    onward = next_page(request)
    if not form.is_valid():
        context = {"dossier": dossier, "form": form, "next": onward}
        status = 422 if form.errors else 200
        return render(request, "counter/people/family.html", context, status=status)
    kinship_answer.note_answer(answer=form.answer, dossier=dossier, clerk=clerk)
    return SeeOther(onward) if onward else SeeOther("counter_dossiers:dossier", pk)
