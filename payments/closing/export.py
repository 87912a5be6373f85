"""The export of batches to the accounting.

A batch is balanced and has no names. It is stored, and never changes after it was made.
docs/domain.md#the-export describes the columns. A batch has the bookings of one
approved drawer, or those of one day of an office that are in no drawer, such as cards
and refunds by bank transfer. A batch may be made for today; bookings made after it go
into another batch of that day. The financial director chooses the accounts, which are
in the setting `EXPORT_ACCOUNTS`; a batch keeps the accounts with which it was made.
"""

import csv
import datetime
import hashlib
import io
import uuid
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Office
from payments.closing.bookings import Booking, of_cards, of_drawer
from payments.closing.day import day_bounds
from payments.enums import DrawerState, RefundMethod
from payments.models import (
    DrawerSession,
    ExportBatch,
    Reversal,
)
from payments.querysets import ExportQuerySet

COLUMNS: Final = (
    "session",
    "date",
    "document",
    "account",
    "policy_field",
    "budget_code",
    "debit",
    "credit",
    "description",
    "method",
)


class ExportRefusedError(CounterError):
    """There is nothing to export, or it may still change."""


def export_session(
    *, session_id: uuid.UUID, by: Clerk, at: datetime.datetime
) -> ExportBatch:
    """The batch of an approved drawer; the first call makes it, later ones return it.

    Raises ExportRefusedError for a drawer that is not approved, because it may still be
    counted again and an export is final.
    """
    with transaction.atomic():
        session = (
            DrawerSession.objects.visible_to(by)
            .select_for_update(of=("self",), no_key=True)
            .filter(pk=session_id, state=DrawerState.APPROVED)
            .first()
        )
        if session is None:
            raise ExportRefusedError(_("Only an approved drawer is exported."))
        existing = ExportBatch.objects.filter(session=session).first()
        if existing is not None:
            return existing
        batch = ExportBatch(session=session, date=timezone.localdate(session.opened_at))
        _lock_numbers(session.office)
        return _keep(batch, session.office, of_drawer(session), by=by, at=at)


def export_cards(
    *, office: Office, date: datetime.date, by: Clerk, at: datetime.datetime
) -> ExportBatch:
    """Make a batch of an office's cards and bank transfers of a day.

    It has the bookings that are in no batch of that day yet; without any, the last
    batch is returned. Raises ExportRefusedError for a day in the future, for today
    while there is nothing, and while an agreed refund on a terminal is not confirmed.
    """
    today = timezone.localdate(at)
    if date > today:
        raise ExportRefusedError(_("This day has not come yet."))
    with transaction.atomic():
        _lock_numbers(office)
        bookings = cards_to_export(office, date)
        last = _batches_of_cards(office, date).last()
        if last is not None and not bookings:
            return last
        if date == today and not bookings:
            raise ExportRefusedError(_("Nothing was paid by card today."))
        _refuse_while_agreed(office, date)
        batch = ExportBatch(session=None, date=date)
        return _keep(batch, office, bookings, by=by, at=at)


def cards_to_export(office: Office, date: datetime.date) -> list[Booking]:
    """The bookings of a day's cards and bank transfers that are in no batch yet.

    They are compared by document and description, because accounts may have changed
    since. That is unique: a receipt is paid once and given back once.
    """
    left: set[tuple[str, str]] = set()
    for batch in _batches_of_cards(office, date):
        text = io.StringIO(bytes(batch.content).decode())
        rows = csv.DictReader(text, delimiter=";")
        left |= {(row["document"], row["description"]) for row in rows}
    return [
        booking
        for booking in of_cards(office, date)
        if (booking.document, booking.description) not in left
    ]


def _batches_of_cards(
    office: Office, date: datetime.date
) -> ExportQuerySet[ExportBatch]:
    """The batches of a day's cards and bank transfers, in the order they were made."""
    batches = ExportBatch.objects.of_office(office).filter(date=date, session=None)
    return batches.order_by("number")


def _refuse_while_agreed(office: Office, date: datetime.date) -> None:
    """Raise ExportRefusedError while an agreed refund on a terminal is not confirmed.

    Until the clerk confirms it, it may still be left to the bank.
    """
    start, end = day_bounds(date)
    agreed = (
        Reversal.objects.of_office(office)
        .agreed()
        .filter(refund_method=RefundMethod.TERMINAL)
    )
    if agreed.filter(payment__taken_at__gte=start, payment__taken_at__lt=end).exists():
        raise ExportRefusedError(
            _(
                "A refund on a card terminal was agreed on this day and nobody "
                "confirmed it. Confirm it first, or leave it to the bank."
            )
        )


def _lock_numbers(office: Office) -> None:
    """Lock the office until the transaction ends, so that batch numbers are unique.

    The lock is `no_key`, so that payments, which have a foreign key to the office, need
    not wait for the export.
    """
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _keep(
    batch: ExportBatch,
    office: Office,
    bookings: Iterable[Booking],
    *,
    by: Clerk,
    at: datetime.datetime,
) -> ExportBatch:
    highest = ExportBatch.objects.filter(office=office).aggregate(n=Max("number"))["n"]
    batch.office = office
    batch.number = (highest or 0) + 1
    batch.content = _written(f"{office.pk}-{batch.number:05d}", bookings)
    batch.sha256 = hashlib.sha256(batch.content).hexdigest()
    batch.created_by = by
    batch.created_at = at
    batch.save(force_insert=True)
    journal.write(
        Event.BATCH_EXPORTED, {"number": batch.number}, clerk=by, office=office
    )
    return batch


def _written(name: str, bookings: Iterable[Booking]) -> bytes:
    """The bookings as CSV with semicolons, for Belgian spreadsheet programs."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for booking in bookings:
        writer.writerows(booking.lines(name))
    return out.getvalue().encode()
