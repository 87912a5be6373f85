"""The admin's page of a dossier: its data for reading, and a supervisor's acts on it.

The data come from the same registry as on the desk's page (counter.desk.registry).
Each app adds its section (Slot.READ) and its acts.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from counter.admin.act_form import ActForm
from counter.desk import as_shown, registry
from counter.desk.acts import Act, ActAsked
from counter.desk.additions import Page
from counter.exceptions import CounterError
from counter.identity import countries
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.roles import matrix, role_rights


def show(
    request: HttpRequest,
    site: AdminSite,
    dossier: Dossier,
    clerk: Clerk,
    extra: dict[str, Any],
) -> HttpResponse:
    entries = list(dossier.journal.select_related("clerk"))
    at = timezone.now()
    last = entries[-1].pk if entries else 0
    own_people = kinship.forbidding_kin(dossier, clerk)
    is_free = own_people is kinship.Kin.NONE
    may_act = matrix.may(clerk, role_rights.ACT_ON_DOSSIER)
    holds = list(
        dossier.holds.select_related("set_by", "lifted_by").order_by("-set_at")
    )
    context = registry.dossier_context(
        Page(dossier=dossier, at=at, last_entry=last),
        **site.each_context(request),
        dossier=dossier,
        document_country=countries.name(dossier.document_country),
        journal=entries,
        own_people=own_people.value,
        acts=possible(dossier) if is_free and may_act else [],
        holds=holds,
        hold=dossier.holds.in_force(at).first(),
        title=_("Dossier %(reference)s") % {"reference": dossier.reference},
        opts=Dossier._meta,
        original=dossier,
        object_id=str(dossier.pk),
        **extra,
    )
    return TemplateResponse(request, "admin/counter/dossier/read.html", context)


def possible(dossier: Dossier) -> list[Act]:
    """The acts that the dossier's state allows now; none on an anonymised dossier."""
    if dossier.anonymised_at:
        return []
    at = timezone.now()
    return [act for act in registry.acts() if act.is_possible(dossier, at)]


def do_act(
    request: HttpRequest, site: AdminSite, dossier: Dossier, clerk: Clerk, name: str
) -> tuple[HttpResponse, CounterError | str]:
    """Ask for the reason of an act, or do it; return the response and a message.

    The message is "" when the response is the form. Raises Http404 when the admin has
    no such act.
    """
    acts = (act for act in registry.acts() if act.name == name and act.do)
    act = next(acts, None)
    if act is None:
        raise Http404
    at = timezone.now()
    on_page = act.values_on_page(dossier, at)
    page = reverse("admin:counter_dossier_change", args=[dossier.pk])
    back = HttpResponseRedirect(page, status=303)
    if not act.is_possible(dossier, at):
        return back, CounterError(_("This dossier has moved on. Look at it again."))
    targets = act.targets(dossier, at) if act.targets else []
    posted = request.POST if request.method == "POST" else None
    form = ActForm(posted, request=request, targets=targets)
    if not form.is_valid():
        context = {
            **site.each_context(request),
            "title": act.label,
            "opts": Dossier._meta,
            "dossier": dossier,
            "act": act,
            "shown_stamp": request.POST.get(as_shown.NAME) or as_shown.stamp(on_page),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        ask = "admin/counter/dossier/act.html"
        return TemplateResponse(request, ask, context, status=status), ""
    try:
        as_shown.refuse_others(request.POST, on_page)
        _do(act, ActAsked(dossier, clerk, at, form.cleaned_data["target"]), form)
    except CounterError as error:
        return back, error
    return back, str(act.done)


@transaction.atomic
def _do(act: Act, asked: ActAsked, form: ActForm) -> None:
    """Do the act and record its reason. For its locks see docs/concurrency.md."""
    if act.do is None:
        raise Http404
    act.do(asked)
    journal.write(
        Event.ACT_REASON,
        {"reason": form.cleaned_data["reason"]},
        dossier=asked.dossier,
        clerk=asked.clerk,
    )
