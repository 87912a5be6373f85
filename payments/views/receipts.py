"""The receipt, printed when the person asks for it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from counter import journal
from counter.access import for_clerks
from counter.enums import Event
from counter.models import Clerk, JournalEntry
from payments.models import Receipt
from payments.receipt import render as print_receipt

# Shown in a frame of the dossier's page, and nowhere else.
_FRAMED: dict[str, Any] = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}


@require_safe
@xframe_options_sameorigin
@csp_override(_FRAMED)
@for_clerks
def receipt(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """A dossier's receipt as PDF; from the second time on it is a duplicate."""
    receipts = Receipt.objects.visible_to(clerk).select_related(
        "office", "payment__dossier__office", "payment__tariff"
    )
    found = get_object_or_404(receipts, payment__dossier=pk)
    # Asked about only (HEAD), it is not printed.
    content = _print(found, clerk) if request.method == "GET" else b""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.label}.pdf"'},
    )


@transaction.atomic
def _print(found: Receipt, clerk: Clerk) -> bytes:
    """Print it and write so in the journal: both, or neither."""
    # Locked, so that of two at once only one is the original.
    Receipt.objects.select_for_update().get(pk=found.pk)
    dossier = found.payment.dossier
    before = JournalEntry.objects.filter(dossier=dossier, event=Event.RECEIPT_PRINTED)
    content = print_receipt(found, duplicate=before.exists())
    journal.write(Event.RECEIPT_PRINTED, dossier=dossier, clerk=clerk)
    return content
