"""The page of one dossier: its state, the next step and its journal."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from counter.desk import change
from counter.desk.additions import Page
from counter.desk.registry import dossier_context
from counter.dossiers import recording
from counter.dossiers.find import dossier_for
from counter.enums import (
    CLERKS_CANCEL_REASONS,
    CancelReason,
    DossierState,
    RevealReason,
)
from counter.exceptions import CounterError
from counter.identity import countries
from counter.journal.looks import note_opening
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.staff.access import for_clerks
from counter.staff.reauthentication import PresenceForm
from counter.web.form_layout import Row, layout
from counter.web.frames import with_frames
from counter.web.see_other import SeeOther, post_or_see


class CancelForm(PresenceForm):
    helper = layout(Row("reason"), Row("password"))

    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why does it end here?"),
        choices=CLERKS_CANCEL_REASONS,
        coerce=CancelReason,
        initial=CancelReason.LEFT,
        widget=forms.RadioSelect,
    )


class RevealForm(forms.Form):
    """Asks why the clerk wants to see the full national number."""

    helper = layout(Row("reason"))

    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why do you look at the number?"),
        choices=RevealReason,
        coerce=RevealReason,
    )


@require_safe
@with_frames
@for_clerks
def dossier(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    dossier = dossier_for(clerk, pk)
    now = timezone.now()
    note_opening(dossier=dossier, clerk=clerk, at=now)
    # A HEAD request shows nothing to anybody, so it must not use up the change.
    is_answer = request.method == "GET" and change.show_once(
        clerk=clerk, dossier=dossier, at=now
    )
    return _show(request, dossier, is_answer=is_answer)


@with_frames
@for_clerks
@post_or_see("counter_dossiers:dossier")
def reveal_number(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Show the page with the full number; going back does not show it again."""
    dossier = dossier_for(clerk, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _show(request, dossier, form=form, status=422)
    number = recording.reveal_number(
        dossier=dossier, clerk=clerk, reason=form.cleaned_data["reason"]
    )
    return _show(request, dossier, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def cancel_dossier(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Close a dossier before payment, with the reason."""
    dossier = dossier_for(clerk, pk)
    if dossier.state != DossierState.RECORDED:
        messages.warning(request, _("This dossier has moved on. Look at it again."))
        return SeeOther("counter_dossiers:dossier", pk)
    posted = request.POST if request.method == "POST" else None
    form = CancelForm(posted, request=request)
    if not form.is_valid():
        context = {"dossier": dossier, "form": form}
        status = 422 if form.errors else 200
        return render(
            request, "counter/dossiers/cancel_dossier.html", context, status=status
        )
    try:
        reason = form.cleaned_data["reason"]
        recording.cancel_dossier(
            dossier=dossier, clerk=clerk, reason=reason, at=timezone.now()
        )
        messages.success(request, _("The dossier is cancelled."))
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("counter_dossiers:dossier", pk)


def _own_people(request: HttpRequest, dossier: Dossier) -> str:
    """How the person of the dossier is related to the clerk: a value of
    counter.people.kinship.Kin, which tells the page what the clerk may do here.
    """
    clerk = request.user
    return (
        kinship.forbidding_kin(dossier, clerk).value if isinstance(clerk, Clerk) else ""
    )


def _show(
    request: HttpRequest,
    dossier: Dossier,
    *,
    form: RevealForm | None = None,
    number: str = "",
    is_answer: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Draw the page. `is_answer` is true for the page right after a payment, the only
    one that tells how much change to give.
    """
    entries = list(dossier.journal.select_related("clerk"))
    page = Page(
        dossier=dossier,
        at=timezone.now(),
        last_entry=entries[-1].pk if entries else 0,
        is_answer=is_answer,
    )
    context = dossier_context(
        page,
        dossier=dossier,
        own_people=_own_people(request, dossier),
        document_country=countries.name(dossier.document_country),
        reveal_form=form or RevealForm(),
        revealed_number=number,
        journal=entries,
    )
    return render(request, "counter/dossiers/dossier.html", context, status=status)
