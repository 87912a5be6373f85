"""The pages of the close of a day: on screen, as PDF, terminal totals, and export."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from counter.database.first_rows import first_rows
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Office
from counter.staff.access import ForThoseWhoMay
from counter.web.form_fields import TypedDateField
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther
from payments.closing import export, terminal_totals
from payments.closing.day import Day, close_of_day, day_bounds
from payments.closing.export import cards_to_export
from payments.closing.whose_day import address, office_of, to_choose
from payments.desk import role_rights
from payments.enums import DrawerState
from payments.models import (
    DrawerSession,
    ExportBatch,
    Payment,
    Reversal,
    Terminal,
)
from payments.receipts.paper import press
from payments.taking.forms import MOST_OF_A_DAY, EuroField

#: How many rows each list beside the close shows at most, the oldest first.
_MOST: Final = 50


class TerminalTotalForm(forms.Form):
    """The total of the day that one terminal reports."""

    helper = layout(Row("terminal"), Row("amount"))

    terminal = forms.ModelChoiceField(
        Terminal.objects.none(),
        label=gettext_lazy("Terminal"),
        empty_label=gettext_lazy("Choose a terminal"),
    )
    amount = EuroField(label=gettext_lazy("Day total"), most=MOST_OF_A_DAY)

    def __init__(
        self, *args: Any, office: Office, date: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["terminal"]
        field.widget.attrs["class"] = "form-select"
        self.fields["amount"].widget.attrs["class"] = "form-control"
        # A terminal that is no longer in use may have taken money on this day.
        paid = Payment.objects.taken_between(*day_bounds(date))
        took = Exists(paid.filter(terminal=OuterRef("pk")))
        terminals = Terminal.objects.of_office(office)
        field.queryset = terminals.filter(Q(is_active=True) | took)


def _date(text: str) -> datetime.date:
    try:
        date: datetime.date | None = TypedDateField(required=False).clean(text)
    except ValidationError:
        raise Http404 from None
    if date is None or not datetime.date(2020, 1, 1) <= date <= timezone.localdate():
        raise Http404
    return date


@require_safe
@ForThoseWhoMay(role_rights.READ_DAY)
def today(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Redirect to the close of the day in `?date=` (the date field), or of today."""
    office = office_of(request, clerk)
    wanted = request.GET.get("date") or timezone.localdate().isoformat()
    return SeeOther(address("day", _date(wanted).isoformat(), office, clerk))


@require_http_methods(["GET", "HEAD", "POST"])
@ForThoseWhoMay(role_rights.READ_DAY, to_send=role_rights.NOTE_TERMINAL_TOTAL)
def day(request: HttpRequest, clerk: Clerk, date: str) -> HttpResponse:
    """Show the close of a day; a POST notes the day total of one terminal."""
    office, on = office_of(request, clerk), _date(date)
    form = TerminalTotalForm(
        request.POST if request.method == "POST" else None, office=office, date=on
    )
    if request.method == "POST" and form.is_valid():
        terminal_totals.note_total(date=on, clerk=clerk, **form.cleaned_data)
        return SeeOther(address("day", on.isoformat(), office, clerk))
    closed = DrawerSession.objects.of_office(office).filter(state=DrawerState.CLOSED)
    unpaid = Reversal.objects.of_office(office).not_paid_yet()
    context = {
        "day": close_of_day(office=office, date=on),
        "form": form,
        "to_approve": first_rows(
            closed.select_related("clerk").order_by("closed_at"), _MOST
        ),
        "to_pay_back": first_rows(
            unpaid.select_related("payment__dossier").order_by("settled_at"), _MOST
        ),
        "exports": _batches(office, on),
        "to_export": first_rows(approved_and_not_exported(office), _MOST),
        "cards": _cards(office, on),
        "latest": timezone.localdate().isoformat(),
        "office": office,
        "offices": to_choose(clerk),
    }
    return render(
        request,
        "payments/closing/day.html",
        context,
        status=422 if form.errors else 200,
    )


def _batches(office: Office, date: datetime.date) -> QuerySet[ExportBatch]:
    """The batches of this day, and those made on this day, without their content."""
    start, end = day_bounds(date)
    made_on_day = Q(created_at__gte=start, created_at__lt=end)
    rows = ExportBatch.objects.of_office(office).filter(Q(date=date) | made_on_day)
    return rows.select_related("session__clerk").defer("content").order_by("-number")


def approved_and_not_exported(office: Office) -> QuerySet[DrawerSession]:
    # A subquery, because a join with the batches would also read their content.
    exported = ExportBatch.objects.filter(session=OuterRef("pk"))
    rows = DrawerSession.objects.of_office(office).filter(
        ~Exists(exported), state=DrawerState.APPROVED
    )
    return rows.select_related("clerk").order_by("closed_at")


@dataclass(frozen=True)
class CardsLeft:
    """What remains to be exported of the cards and bank transfers of a day."""

    count: int
    #: The day has a batch already, and these were booked after it was made.
    is_rest: bool
    #: The day is over, so a batch may be made even if nothing was paid by card.
    is_over: bool


def _cards(office: Office, date: datetime.date) -> CardsLeft:
    batches = ExportBatch.objects.of_office(office).filter(date=date, session=None)
    return CardsLeft(
        count=len(cards_to_export(office, date)),
        is_rest=batches.exists(),
        is_over=date < timezone.localdate(),
    )


@require_safe
@ForThoseWhoMay(role_rights.READ_DAY)
def day_paper(request: HttpRequest, clerk: Clerk, date: str) -> HttpResponse:
    """Return the close of a day as PDF."""
    office, on = office_of(request, clerk), _date(date)
    content = _printed(close_of_day(office=office, date=on), clerk)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{on.isoformat()}.pdf"'},
    )


def _printed(closed: Day, clerk: Clerk) -> bytes:
    html = render_to_string(
        "payments/closing/paper_day.html",
        {"day": closed, "made_at": timezone.now(), "made_by": clerk},
    )
    return press.pdf(html)


@require_POST
@ForThoseWhoMay(role_rights.EXPORT)
def export_drawer(
    request: HttpRequest, clerk: Clerk, session: uuid.UUID
) -> HttpResponse:
    """Make the batch of an approved drawer, and redirect to the day in the form."""
    office = office_of(request, clerk)
    on = _date(request.POST.get("day") or timezone.localdate().isoformat())
    try:
        new_batch = export.export_session(
            session_id=session, by=clerk, at=timezone.now()
        )
    except CounterError as error:
        messages.warning(request, str(error))
    else:
        _offer(request, new_batch, clerk)
    return SeeOther(address("day", on.isoformat(), office, clerk))


@require_POST
@ForThoseWhoMay(role_rights.EXPORT)
def export_day(request: HttpRequest, clerk: Clerk, date: str) -> HttpResponse:
    """Make a batch of the day's cards and bank transfers that are in no batch yet."""
    office, on = office_of(request, clerk), _date(date)
    try:
        new_batch = export.export_cards(
            office=office, date=on, by=clerk, at=timezone.now()
        )
    except CounterError as error:
        messages.warning(request, str(error))
    else:
        _offer(request, new_batch, clerk)
    return SeeOther(address("day", on.isoformat(), office, clerk))


def _offer(request: HttpRequest, new_batch: ExportBatch, clerk: Clerk) -> None:
    """Add a message with a link to the batch's file; the page then downloads it."""
    sentence = format_html(
        '{} <a href="{}" data-fetch-now>{}</a>',
        _("Batch %(number)d is made.") % {"number": new_batch.number},
        address("batch", new_batch.number, new_batch.office, clerk),
        new_batch.file_name,
    )
    messages.success(request, sentence)


@require_safe
@ForThoseWhoMay(role_rights.READ_DAY)
def batch(request: HttpRequest, clerk: Clerk, number: int) -> HttpResponse:
    """Download a batch, the same bytes each time; the journal notes who did it."""
    office = office_of(request, clerk)
    exported = ExportBatch.objects.of_office(office).filter(number=number).first()
    if exported is None:
        raise Http404(_("There is no such batch."))
    journal.write(
        Event.BATCH_FETCHED, {"number": exported.number}, clerk=clerk, office=office
    )
    return HttpResponse(
        bytes(exported.content),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{exported.file_name}"',
            "X-Content-SHA256": exported.sha256,
        },
    )
