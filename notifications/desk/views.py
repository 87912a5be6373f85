"""The desk's pages about mails: their state, and what to do when it is unknown."""

import re
import uuid
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from activation.models.holders import load_dossiers
from counter.desk.additions import Page
from counter.desk.registry import dossier_context
from counter.dossiers.find import dossier_for
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.people import kinship
from counter.staff.access import ForThoseWhoMay, for_clerks
from counter.staff.reauthentication import PresenceForm
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from notifications.desk import late_mails, mail_of_page, role_rights
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.outbox import deciding
from notifications.querysets import DeliveryQuerySet

ARRIVED = "arrived"
AGAIN = "again"
_MOST_SHOWN: Final = 100
_ENTRY: Final = re.compile("[0-9]{1,18}")
_DO = {ARRIVED: deciding.note_arrived, AGAIN: deciding.send_again}


class DecideForm(PresenceForm):
    helper = layout(Row("delivery_id"), Row("decision"), Row("password"))

    delivery_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_dead: bool, **options: Any) -> None:
        """If the mail was given up (`is_dead`), the form only offers to send it
        again.
        """
        super().__init__(*args, **options)
        if is_dead:
            decision = self.fields["decision"]
            decision.initial = AGAIN
            decision.widget = forms.HiddenInput()

    decision = forms.ChoiceField(
        label=gettext_lazy("Does the person have the mail?"),
        choices={
            ARRIVED: gettext_lazy("Yes, the person has seen it"),
            AGAIN: gettext_lazy("No, or nobody knows: send it again"),
        },
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )


@require_safe
@for_clerks
def mail_state(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """The part of a dossier's page that reloads itself until the mail was sent or
    refused.

    Answers 204, which leaves the page as it is, if nothing has changed since `seen`: so
    a screen reader does not read the same text again.
    """
    dossier = dossier_for(clerk, pk)
    prefetch_related_objects([dossier], "deliveries")
    before = request.GET.get("seen", "")
    last = before.partition("-")[0]
    after = int(last) if _ENTRY.fullmatch(last) else 0
    newer = list(dossier.journal.filter(pk__gt=after).select_related("clerk"))
    last_entry = newer[-1].pk if newer else after
    if mail_of_page.seen(last_entry, dossier.deliveries.all()) == before:
        return HttpResponse(status=204)
    page = Page(dossier=dossier, at=timezone.now(), last_entry=last_entry)
    context = dossier_context(
        page,
        dossier=dossier,
        journal=newer,
        day_before=_day_of_last(dossier, after),
        own_people=kinship.forbidding_kin(dossier, clerk).value,
    )
    return render(request, "notifications/desk/_mail_and_timeline.html", context)


def _day_of_last(dossier: Dossier, entry: int) -> str:
    """The day of the last entry that the page has, which stands there already."""
    there = dossier.journal.filter(pk__lte=entry).values_list("at", flat=True).last()
    return f"{timezone.localdate(there):%Y-%m-%d}" if there else ""


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def decide_mail(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Note that a mail of unknown outcome arrived, or have it sent again."""
    dossier = dossier_for(clerk, pk)
    among = deciding.of_last_mail(dossier)
    back = SeeOther("counter_dossiers:dossier", pk)
    page = "notifications/desk/decide_mail.html"
    return _decide(request, clerk, among, back, page, {"dossier": dossier})


@require_safe
@ForThoseWhoMay(role_rights.DECIDE_MAILS_OF_NO_VISIT)
def mails_of_no_visit(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """For a supervisor: the mails that belong to no visit and are undecided, and those
    that were refused.
    """
    mails = _of_no_visit(clerk).with_what_it_is_filed_under().order_by("created_at")
    rows = Delivery.objects.refused_of_no_visit(timezone.now()).supervised_by(clerk)
    refused = rows.with_what_it_is_filed_under().order_by("refused_at")
    shown, not_taken = list(mails[:_MOST_SHOWN]), list(refused[:_MOST_SHOWN])
    load_dossiers(mail.holder for mail in (*shown, *not_taken) if mail.holder)
    context = {
        "mails": shown,
        "total": mails.count(),
        "refused": [(mail, late_mails.page_about(mail)) for mail in not_taken],
        "refused_total": refused.count(),
    }
    return render(request, "notifications/desk/mails_of_no_visit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@ForThoseWhoMay(role_rights.DECIDE_MAILS_OF_NO_VISIT)
def decide_mail_of_no_visit(
    request: HttpRequest, clerk: Clerk, delivery: uuid.UUID
) -> HttpResponse:
    """As `decide_mail`, for a mail that is about no dossier."""
    among = _of_no_visit(clerk).filter(pk=delivery)
    back = SeeOther("notifications_desk:mails_of_no_visit")
    page = "notifications/desk/decide_mail_of_no_visit.html"
    return _decide(request, clerk, among, back, page, {})


def _of_no_visit(clerk: Clerk) -> DeliveryQuerySet[Delivery]:
    return deciding.of_no_visit(clerk, at=timezone.now())


def _decide(
    request: HttpRequest,
    clerk: Clerk,
    among: DeliveryQuerySet[Delivery],
    back: SeeOther,
    page: str,
    context: dict[str, Any],
) -> HttpResponse:
    delivery = among.with_what_it_is_filed_under().first()
    if delivery is None:
        messages.warning(request, str(deciding.DecidedError()))
        return back
    posted = request.POST if request.method == "POST" else None
    form = DecideForm(
        posted,
        request=request,
        initial={"delivery_id": delivery.pk},
        is_dead=delivery.state == DeliveryState.DEAD,
    )
    if not form.is_valid():
        status = 422 if form.errors else 200
        form_context = {**context, "delivery": delivery, "form": form}
        return render(request, page, form_context, status=status)
    decision = form.cleaned_data["decision"]
    chosen = form.cleaned_data["delivery_id"]
    now = timezone.now()
    try:
        _DO[decision](among=among, delivery_id=chosen, clerk=clerk, at=now)
    except CounterError as error:
        messages.warning(request, str(error))
    else:
        is_again = decision == AGAIN
        messages.success(
            request, _("The mail is sent again.") if is_again else _("Noted.")
        )
    return back
