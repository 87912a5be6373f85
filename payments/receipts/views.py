"""The page of a receipt: shown as a preview, printed with a button."""

import uuid
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from counter.staff.access import for_clerks
from counter.web.frames import framed, with_frames
from payments.models import Payment, Receipt
from payments.receipts import paper
from payments.receipts.paper import Copy

#: The journal entries of a print; a preview has none.
_EVENT_OF: Final = {
    Copy.ORIGINAL: Event.RECEIPT_PRINTED,
    Copy.DUPLICATE: Event.RECEIPT_PRINTED_AGAIN,
}


@require_safe
@with_frames
@for_clerks
def receipt_page(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Show a preview, the button that prints it, and who printed it before."""
    receipt = _receipt_for(clerk, pk)
    dossier = receipt.payment.dossier
    printed = _prints_of(receipt).select_related("clerk")
    context = {"receipt": receipt, "dossier": dossier, "printed": printed}
    return render(request, "payments/receipts/receipt.html", context)


@require_safe
@framed
@for_clerks
def receipt(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Return the PDF marked as a preview. Opening it does not count as printing."""
    del request
    return _pdf(_receipt_for(clerk, pk), Copy.PREVIEW)


@require_POST
@framed
@for_clerks
def print_receipt(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Print the receipt: the first time the original, after that duplicates.

    The answer is the PDF itself, in a frame of the page. It has no address of its own,
    so nobody can fetch it again without an entry in the journal.
    """
    del request
    return _print(_receipt_for(clerk, pk), clerk)


def _print(receipt: Receipt, clerk: Clerk) -> HttpResponse:
    """Make the PDF and write the entry in the journal: both, or neither.

    The PDF is drawn before the dossier is locked, because drawing takes long and the
    desk needs the dossier. Of two requests at once the second then finds the original
    printed, and draws the PDF again as a duplicate.
    """
    copy = _next_copy(receipt)
    while True:
        answer = _pdf(receipt, copy)
        with transaction.atomic():
            dossier = Dossier.objects.select_for_update(of=("self",), no_key=True).get(
                pk=receipt.payment.dossier_id
            )
            drawn, copy = copy, _next_copy(receipt)
            if drawn == copy:
                journal.write(
                    _EVENT_OF[copy],
                    {"receipt": receipt.label},
                    dossier=dossier,
                    clerk=clerk,
                )
                return answer


def _next_copy(receipt: Receipt) -> Copy:
    """The copy that is printed next: the original, or a duplicate after that."""
    return Copy.DUPLICATE if _prints_of(receipt).exists() else Copy.ORIGINAL


def _prints_of(receipt: Receipt) -> QuerySet[JournalEntry]:
    """The journal's entries of the prints of this receipt.

    A receipt that replaces another after a correction has prints of its own.
    """
    return JournalEntry.objects.filter(
        dossier=receipt.payment.dossier_id,
        event__in=_EVENT_OF.values(),
        details__receipt=receipt.label,
    )


def _receipt_for(clerk: Clerk, pk: uuid.UUID) -> Receipt:
    receipts = Receipt.objects.visible_to(clerk).select_related(
        "office", "payment__dossier__office", "payment__tariff"
    )
    payments = Payment.objects.not_replaced().filter(dossier=pk)
    return get_object_or_404(receipts, payment__in=payments)


def _pdf(receipt: Receipt, copy: Copy) -> HttpResponse:
    return HttpResponse(
        paper.render(receipt, copy=copy),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{receipt.label}.pdf"'},
    )
