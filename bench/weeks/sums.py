"""What has to add up after the last day, whatever happened in between."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Sum

from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey
from bench.weeks.days import Weeks
from counter.journal import verifying
from counter.models import DestructionRecord, JournalEntry, JournalSeal
from notifications.enums import Channel, DeliveryState
from notifications.models import Delivery
from payments.enums import DrawerState, Method
from payments.models import DrawerSession, Payment, Receipt, Reversal, TerminalTotal

_NOTHING = Decimal("0.00")


def misfits(weeks: Weeks, *, accepted: int) -> list[str]:
    """What does not add up, as sentences; `accepted` mails reached the mail server."""
    return [
        *weeks.exceptions,
        *_money(weeks),
        *_codes_and_keys(weeks),
        *_journal(),
        *_mails(accepted),
    ]


def _differs(sum_: str, actual: object, should: object) -> Iterator[str]:
    if actual != should:
        yield f"{sum_}: {actual}, not {should}"


def _money(weeks: Weeks) -> Iterator[str]:
    """Money in = receipts = drawers and terminals, and as the tally says."""
    acts, tally = weeks.tally.acts, weeks.tally
    taken = Payment.objects.exclude(method=Method.WAIVER)
    yield from _differs("payments", taken.count(), acts["paid"])
    yield from _differs(
        "waivers", Payment.objects.filter(method=Method.WAIVER).count(), acts["waived"]
    )
    yield from _differs("receipts", Receipt.objects.count(), Payment.objects.count())
    numbered = Receipt.objects.values("office", "year").annotate(
        first=Min("number"), last=Max("number"), n=Count("pk")
    )
    for each in numbered:
        numbers = (each["first"], each["last"])
        yield from _differs("receipt numbers", numbers, (1, each["n"]))
    back = _sum(Reversal.objects.settled(), "amount")
    yield from _differs("given back", back, 10 * acts["given back"])
    net = _sum(taken, "amount") - back
    moved = 20 * acts["to the safe"]
    in_tally = sum(tally.in_drawer.values()) + sum(tally.on_terminal.values()) + moved
    yield from _differs("money in", net, in_tally)
    drawers = DrawerSession.objects.filter(state=DrawerState.APPROVED)
    yield from _differs("drawers", drawers.count(), acts["drawer"])
    yield from _differs("drawers left", drawers.count(), DrawerSession.objects.count())
    counted = drawers.aggregate(sum=Sum(F("counted_amount") - F("opening_float")))
    on_terminals = _sum(TerminalTotal.objects.all(), "amount")
    lying = (counted["sum"] or _NOTHING) + moved + on_terminals
    yield from _differs("in drawers, safes and on terminals", lying, net)
    odd = drawers.exclude(difference=0).count()
    yield from _differs("drawers that differ", odd, 0)


def _sum(rows: QuerySet[Any], column: str) -> Decimal:
    total: Decimal | None = rows.aggregate(sum=Sum(column))["sum"]
    return total or _NOTHING


def _codes_and_keys(weeks: Weeks) -> Iterator[str]:
    acts = weeks.tally.acts
    codes = ActivationCode.objects
    yield from _differs("codes", codes.count(), acts["code issued"])
    for state, name in (
        (CodeState.USED, "code used"),
        (CodeState.REPLACED, "code replaced"),
    ):
        yield from _differs(name, codes.filter(state=state).count(), acts[name])
    late = codes.filter(state=CodeState.LIVE, valid_until__lt=weeks.end)
    yield from _differs("codes that should have lapsed", late.count(), 0)
    keys = DigitalKey.objects
    for key_state, name in (
        (KeyState.ACTIVE, "key active"),
        (KeyState.REVOKED, "key revoked"),
    ):
        yield from _differs(name, keys.filter(state=key_state).count(), acts[name])


def _journal() -> Iterator[str]:
    """Whole by its marks and seals, and nothing left out of them."""
    yield from (
        f"journal: {broken.why} {broken.entry_id}" for broken in verifying.verify()
    )
    sealed = _sum(JournalSeal.objects.all(), "entries")
    yield from _differs("entries sealed", sealed, JournalEntry.objects.count())


def _mails(accepted: int) -> Iterator[str]:
    """None left, and as many at the mail server as were sent.

    Retention removes rows after two months: then it took in more than are known.
    """
    left = Delivery.objects.exclude(
        state__in=[DeliveryState.SENT, DeliveryState.DROPPED]
    )
    yield from _differs("messages left", left.count(), 0)
    sent = Delivery.objects.filter(state=DeliveryState.SENT, channel=Channel.MAIL)
    removed = DestructionRecord.objects.filter(rule="delivery").exists()
    if accepted < sent.count() or (accepted > sent.count() and not removed):
        yield f"mails at the server: {accepted}, not {sent.count()}"
