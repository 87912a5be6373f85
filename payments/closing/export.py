"""Lines for the accounting: balanced, without names, the same bytes for ever.

The columns stand in docs/domain.md#the-export. A batch is one approved drawer, or what
passed through no drawer on one day of an office: the cards, and what the finance
service gives back by bank transfer. The day may be today: what comes after a batch goes
in the next one of that day. Accounts are settings (`EXPORT_ACCOUNTS`), the financial
director's to choose; what left keeps the accounts of its day.
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
from payments.enums import DrawerState, Way
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
    """What is to be exported can still change, or there is nothing."""


def export_session(
    *, session_id: uuid.UUID, by: Clerk, at: datetime.datetime
) -> ExportBatch:
    """The batch of an approved drawer; made at the first call, afterwards the same.

    Raises ExportRefusedError for a drawer that nobody has approved: until then it can
    be counted again, and what left is final.
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
        made = ExportBatch.objects.filter(session=session).first()
        if made is not None:
            return made
        batch = ExportBatch(session=session, date=timezone.localdate(session.opened_at))
        _lock_numbers(session.office)
        return _keep(batch, session.office, of_drawer(session), by=by, at=at)


def export_cards(
    *, office: Office, date: datetime.date, by: Clerk, at: datetime.datetime
) -> ExportBatch:
    """The batch of an office's cards and bank transfers of a day until today.

    It has what is in no batch of that day yet; when that is nothing, the last one comes
    again. Raises ExportRefusedError for a day to come, for today while there is
    nothing, and while nobody has said whether a terminal gave money back on that day.
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
    """Of a day's cards and bank transfers those that are in no batch yet.

    A receipt is paid once and given back once, so its number with the description says
    which line it is, whatever the accounts have become since.
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
    """In the order in which they were made."""
    made = ExportBatch.objects.of_office(office).filter(date=date, session=None)
    return made.order_by("number")


def _refuse_while_agreed(office: Office, date: datetime.date) -> None:
    """Given back on a terminal or by the bank: only the clerk knows."""
    start, end = day_bounds(date)
    agreed = Reversal.objects.of_office(office).agreed().filter(way=Way.TERMINAL)
    if agreed.filter(payment__taken_at__gte=start, payment__taken_at__lt=end).exists():
        raise ExportRefusedError(
            _(
                "A refund on a card terminal was agreed on this day and nobody "
                "confirmed it. Confirm it first, or leave it to the bank."
            )
        )


def _lock_numbers(office: Office) -> None:
    """Number this office's batches one after the other, until the transaction ends.

    Without its key: a payment names its office, and would wait for the whole export.
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
    """CSV with semicolons, as spreadsheets in Belgium read it. Debit equals credit."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for booking in bookings:
        writer.writerows(booking.lines(name))
    return out.getvalue().encode()
