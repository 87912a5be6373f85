"""Every euro is accounted for, whatever is done and in whatever order.

Hypothesis lets two clerks and a supervisor press the product's buttons in random
orders, on the real database. The test compares the database with a till roll of its
own. The figure is the number of buttons pressed: some 10,000 in 110 offices in
`make soak`, 500 in six in `make test`, there the same ones each time. Every kind of
money is among them.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import ClassVar

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from activation.enums import CodeState
from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from payments.closing.day import close_of_day
from payments.closing.export import export_cards, export_session
from payments.closing.report import takings
from payments.drawers.drawers import expected_in
from payments.enums import (
    PAID_BACK_BY,
    Method,
    RefundMethod,
    ReversalReason,
    WaiverReason,
)
from payments.models import (
    DrawerMovement,
    DrawerSession,
    Payment,
    Receipt,
    Reversal,
    Tariff,
)
from tests import cast
from tests.payments.buttons import DAY, PRICE, Buttons
from tests.payments.closing.test_export import balance, rows
from tests.payments.people import dossiers
from tests.size import SOAK

EXAMPLES, STEPS = (110, 110) if SOAK else (6, 55)

#: How many people are recorded in the morning.
WAITING = 12

#: Which column says since when a dossier is in a state.
SINCE = {
    DossierState.RECORDED: "recorded_at",
    DossierState.PAID: "paid_at",
    DossierState.CODE_ISSUED: "code_issued_at",
    DossierState.ACTIVATED: "activated_at",
    DossierState.CANCELLED: "cancelled_at",
    DossierState.LAPSED: "lapsed_at",
}


class Money(Buttons):
    """What must hold after every button, and in the evening."""

    #: In how many runs each kind happened, counting those that Hypothesis gives up.
    kinds: ClassVar[Counter[str]]

    @initialize()
    def morning(self) -> None:
        """Move each kind of money once, and leave some people who wait.

        Hypothesis leaves out some buttons for a whole example. The other buttons then
        still have somebody to work for.
        """
        super().morning()
        self.people = WAITING
        self.recorded += dossiers(self.clerks[0], WAITING, first=1)
        self.open(100)
        self.waive(0, 0, WaiverReason.OUR_MISTAKE)
        for pay, back in (
            (self.pay_cash, partial(self.hand_over, supervisor=False)),
            (self.pay_card, partial(self.hand_over, supervisor=False)),
            (self.pay_card, self.leave_to_bank),
        ):
            self.ask_back(pay)
            self.agree(0)
            back(0)
        self.pay_card(0, 0)
        self.correct(0, Method.CASH)
        self.ask_back(self.pay_card)
        self.ask_back(self.pay_cash)
        self.agree(1)

    def ask_back(self, pay: Callable[[int, int], object]) -> None:
        """Somebody pays and wants the money back."""
        pay(0, 0)
        self.ask(-1, 0, ReversalReason.DOUBLE_CHARGE)

    @property
    def money(self) -> Decimal:
        return PRICE * (self.codes - self.waivers - self.given_back)

    @invariant()
    def money_is_codes_less_waivers_and_reversals(self) -> None:
        taken = Payment.objects.aggregate(total=Sum("amount"))["total"] or 0
        back = Reversal.objects.settled().aggregate(total=Sum("amount"))["total"] or 0
        assert taken - back == self.money
        issued = Dossier.objects.filter(code_issued_at__isnull=False)
        assert issued.count() == self.codes == Payment.objects.as_taken().count()

    @invariant()
    def every_drawer_holds_what_went_through_it(self) -> None:
        for drawer in DrawerSession.objects.all():
            expected = expected_in(drawer)
            assert expected == self.cash[drawer.pk]
            assert expected >= 0 or drawer.pk in self.never_came
            assert drawer.expected_amount in (None, expected)

    @invariant()
    def the_days_cash_is_the_drawers_cash(self) -> None:
        """Check today after every fifth button; `teardown` checks every day."""
        if self.presses % 5 == 0:
            self.look_at(timezone.localdate(self.now))

    def look_at(self, date: datetime.date) -> None:
        """The day, its report and the till roll agree on cash, cards and refunds."""
        day = close_of_day(office=self.office, date=date)
        assert day.net_cash == sum(line.cash for line in day.drawers)
        back = {
            method: line.amount
            for method, line in zip(PAID_BACK_BY, day.reversed_, strict=True)
        }
        assert back == {method: self.paid_back[method, date] for method in PAID_BACK_BY}
        net_cards = day.receipts[1].amount + day.corrected[1].amount
        net_cards -= back[RefundMethod.TERMINAL]
        assert net_cards == sum(line.taken for line in day.terminals)
        report = takings(
            clerk=self.supervisor, first=date, last=date, period="day"
        ).lines
        assert sum(line.net_cash for line in report) == day.net_cash
        assert sum(line.total for line in report) == day.balance

    @invariant()
    def receipts_have_no_hole(self) -> None:
        by_year: dict[int, list[int]] = {}
        for year, number in Receipt.objects.order_by("number").values_list(
            "year", "number"
        ):
            by_year.setdefault(year, []).append(number)
        for numbers in by_year.values():
            assert numbers == list(range(1, len(numbers) + 1))
        assert sum(map(len, by_year.values())) == self.codes + self.corrected

    @invariant()
    def every_state_has_its_time(self) -> None:
        timeless = Q()
        for state, column in SINCE.items():
            timeless |= Q(state=state, **{f"{column}__isnull": True})
        assert not Dossier.objects.filter(timeless).exists()

    @invariant()
    def a_dossier_has_one_live_code_at_most(self) -> None:
        alive = Q(codes__state__in=(CodeState.LIVE, CodeState.LOCKED))
        counted = Dossier.objects.annotate(alive=Count("codes", filter=alive))
        assert not counted.filter(alive__gt=1).exists()
        live = counted.filter(alive=1)
        assert not live.exclude(state=DossierState.CODE_ISSUED).exists()
        assert set(live.values_list("pk", flat=True)) == {d.pk for d in self.unused}

    # The evening

    def teardown(self) -> None:
        if not hasattr(self, "transaction"):
            return
        try:
            self.everything_is_exported_and_closed()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def note_kinds(self) -> None:
        given_back = {
            method for (method, _date), amount in self.paid_back.items() if amount
        }
        happened = {
            "code": self.codes,
            "waiver": self.waivers,
            "corrected method": self.corrected,
            "cash": any(self.cash.values()),
            **{
                f"given back: {method}": method in given_back for method in PAID_BACK_BY
            },
        }
        type(self).kinds.update(kind for kind, some in happened.items() if some)

    def everything_is_exported_and_closed(self) -> None:
        """Check that the closes and the files of the accounting have the same sum."""
        self.note_kinds()
        while self.agreed:
            self.leave_to_bank(0)
        for desk in (0, 1):
            if self.is_open(desk):
                self.count(desk, 0)
        self.close()
        while self.closed:
            self.approve(0)
        taken = Payment.objects.values_list("taken_at", flat=True)
        days = {timezone.localdate(at) for at in taken}
        days |= {date for _method, date in self.paid_back}
        closes = [close_of_day(office=self.office, date=date) for date in days]
        assert sum(day.balance for day in closes) == self.money
        for date in days:
            self.look_at(date)
        lines = [line for day in closes for line in day.drawers]
        counted = [line.drawer.pk for line in lines if line.is_counted]
        assert len(counted) == len(set(counted))
        later = self.now + 2 * DAY
        who = self.supervisor
        batches = [
            *(
                export_session(session_id=drawer.pk, by=who, at=later)
                for drawer in DrawerSession.objects.all()
            ),
            *(
                export_cards(office=self.office, date=date, by=who, at=later)
                for date in sorted(days)
            ),
        ]
        assert {balance(batch) for batch in batches} <= {Decimal(0)}
        by_account: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in (row for batch in batches for row in rows(batch)):
            moved = Decimal(row["debit"]) - Decimal(row["credit"])
            by_account[row["account"], row["method"]] += moved
        differences = DrawerSession.objects.aggregate(sum=Sum("difference"))["sum"] or 0
        deposits = DrawerMovement.objects.aggregate(sum=Sum("amount"))["sum"] or 0
        net_cash = sum(day.net_cash for day in closes)
        assert by_account["57", "cash"] == net_cash - deposits + differences
        income = sum(
            Decimal(row["credit"]) - Decimal(row["debit"])
            for batch in batches
            for row in rows(batch)
            if row["account"] == "70"
        )
        assert income == self.money


def test_the_money_adds_up(office: Office, tariff: Tariff, sofie: Clerk) -> None:
    assert tariff.amount == PRICE
    Money.office, Money.supervisor = office, sofie
    Money.clerks = [
        cast.make_clerk(name, office, desk=f"Loket {n}", has_drawer=False)
        for n, name in enumerate(("els", "bart"), start=1)
    ]
    Money.pressed, Money.kinds = 0, Counter()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not SOAK,
            # Hypothesis would take minutes to look for a shorter order.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{Money.pressed} buttons pressed in {EXAMPLES} offices: every euro is there")
    print(f"runs of Hypothesis with each: {dict(Money.kinds)}")
    assert len(Money.kinds) == 7, Money.kinds
