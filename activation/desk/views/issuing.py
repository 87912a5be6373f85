"""The page on which a clerk takes the fee and issues the code, and the slip as PDF."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from activation.addresses.same_visit import AddressNotAgreedError, is_not_agreed
from activation.codes import issuing, slip_paper
from activation.codes.issuing import SlipClosedError
from activation.holder.own_keys import has_room, most_keys
from counter.desk import change
from counter.dossiers.document_seen import DocumentSeenField, was_another_day
from counter.dossiers.find import dossier_for
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.staff.access import for_clerks
from counter.web.frames import framed
from counter.web.see_other import SeeOther
from payments.exceptions import (
    NoDrawerError,
    NoTariffError,
    PriceChangedError,
    SlipUsedError,
)
from payments.models import DrawerSession, Terminal
from payments.taking.forms import PaymentForm
from payments.taking.taking import tariffs_in_force


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def pay_and_issue(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Take the fee, issue the code and send the mail, with one button.

    Before payment the dossier must have a price and an address that is agreed to.
    """
    dossier = dossier_for(clerk, pk)
    now = timezone.now()
    try:
        prices = _prices(dossier, now)
    except NoTariffError as error:
        return _show(request, dossier, refusal=error, status=409)
    if dossier.state == DossierState.RECORDED and is_not_agreed(
        dossier, clerk=clerk, at=now
    ):
        return _show(request, dossier, refusal=AddressNotAgreedError(), status=409)
    if request.method != "POST":
        if dossier.state != DossierState.RECORDED:
            return redirect("counter_dossiers:dossier", pk)
        return _show(request, dossier, _form(clerk, dossier, prices))
    form = _form(clerk, dossier, prices, request.POST)
    if not form.is_valid():
        return _show(request, dossier, form, status=422)
    return _take(request, clerk, dossier, form, now)


def _take(
    request: HttpRequest,
    clerk: Clerk,
    dossier: Dossier,
    form: PaymentForm,
    at: datetime,
) -> HttpResponse:
    try:
        issuing.pay_and_issue(dossier=dossier, clerk=clerk, at=at, **form.cleaned_data)
        # Otherwise the same form was sent before, and its answer told the change.
        if dossier.paid_at == at:
            change.note_change_due(clerk=clerk, dossier=dossier)
    except NoDrawerError:
        # The page says that a drawer has to be opened, and keeps what was typed.
        return _show(request, dossier, form, status=409)
    except SlipUsedError as error:
        form.refuse("terminal_slip", error)
        return _show(request, dossier, form, status=409)
    except (PriceChangedError, NoTariffError):
        return _at_the_price_of_now(request, clerk, dossier)
    except CounterError as error:
        # Another clerk was first, or the dossier was closed: its page shows which.
        messages.warning(request, str(error))
    return SeeOther("counter_dossiers:dossier", dossier.pk)


@require_safe
@framed
@for_clerks
@sensitive_variables()
def slip(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """The slip with the code as PDF, while the visit lasts; after that a 410 page."""
    dossier = dossier_for(clerk, pk)
    try:
        content = issuing.open_slip(dossier=dossier, clerk=clerk, at=timezone.now())
    except SlipClosedError as error:
        context = {"dossier": dossier, "refusal": error}
        return render(request, "activation/desk/slip_closed.html", context, status=410)
    return HttpResponse(
        slip_paper.render(content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="slip-{dossier.reference}.pdf"'
        },
    )


def _prices(dossier: Dossier, at: datetime) -> dict[str, Decimal]:
    """The prices in force at `at`, by category; raises NoTariffError without any."""
    in_force = tariffs_in_force(dossier.office, at=at)
    return {tariff.category: tariff.amount for tariff in in_force}


def _at_the_price_of_now(
    request: HttpRequest, clerk: Clerk, dossier: Dossier
) -> HttpResponse:
    """Show the page again with the present price and with what was typed."""
    try:
        prices = _prices(dossier, timezone.now())
    except NoTariffError as error:
        return _show(request, dossier, refusal=error, status=409)
    form = _form(clerk, dossier, prices, request.POST)
    form.is_valid()
    form.ask_again()
    return _show(request, dossier, form, status=409)


def _form(
    clerk: Clerk,
    dossier: Dossier,
    prices: dict[str, Decimal],
    typed: QueryDict | None = None,
) -> PaymentForm:
    """The payment form; it asks for the document if that was checked on another day."""
    form = _with_terminals(clerk, dossier, prices, typed)
    if was_another_day(dossier, at=timezone.now()):
        form.fields["document_seen"] = DocumentSeenField()
    return form


def _with_terminals(
    clerk: Clerk,
    dossier: Dossier,
    prices: dict[str, Decimal],
    typed: QueryDict | None,
) -> PaymentForm:
    """The payment form with the office's terminals, if it has any.

    The terminal of the clerk's desk is preselected.
    """
    terminals = Terminal.objects.of_office(dossier.office).in_use()
    if not terminals.exists():
        return PaymentForm(typed, prices=prices)
    initial = {"terminal": terminals.preset_for(clerk)}
    return PaymentForm(typed, prices=prices, terminals=terminals, initial=initial)


def _show(
    request: HttpRequest,
    dossier: Dossier,
    form: PaymentForm | None = None,
    *,
    refusal: CounterError | None = None,
    status: int = 200,
) -> HttpResponse:
    drawers = DrawerSession.objects.open().filter(clerk=request.user.pk)
    context = {
        "dossier": dossier,
        "form": form,
        "amount": form.amount if form else None,
        "refusal": refusal,
        "address_waits": isinstance(refusal, AddressNotAgreedError),
        "most_keys": most_keys(),
        "has_room": has_room(dossier.applicant, at=timezone.now()),
        "has_drawer": drawers.filter(office=dossier.office).exists(),
    }
    return render(request, "activation/desk/pay_and_issue.html", context, status=status)
