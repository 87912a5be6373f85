"""Whatever is done, in whatever order: every euro is accounted for.

Hypothesis has two clerks and a supervisor press the buttons of the product in orders
nobody thought of, against the real database, and keeps a till roll of its own beside
it. The figure is the number of buttons pressed (SECURITY.md, section 2).
"""

import datetime
import os
import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from activation import totp
from activation.enums import CodeState, KeyKind, ReissueReason
from activation.models import ActivationCode
from activation.services.accounts import choose_account
from activation.services.activating import activate_key
from activation.services.choosing import choose_key
from activation.services.issuing import pay_and_issue, waive_and_issue
from activation.services.lapsing import lapse_codes
from activation.services.reissuing import correct_email, reissue_code
from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from payments.day import close_of_day
from payments.denominations import fewest
from payments.enums import DrawerState, Method, ReversalReason, WaiverReason
from payments.export import export_cards, export_session
from payments.models import DrawerSession, Payment, Receipt, Reversal, Tariff
from payments.services.drawers import (
    approve_drawer,
    close_drawer,
    count_drawer,
    deposit,
    expected_in,
    open_drawer,
)
from payments.services.reversing import (
    ask_reversal,
    confirm_reversal,
    refuse_reversal,
)
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD
from tests.payments.people import dossiers
from tests.payments.test_export import balance, rows

SOAK = bool(os.environ.get("SOAK"))
EXAMPLES, STEPS = (110, 110) if SOAK else (22, 60)

PRICE = Decimal("10.00")
#: Ten days before a year ends, so that receipts are numbered in two.
START = datetime.datetime(2026, 12, 21, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
#: Which column says since when a dossier is in a state.
SINCE = {
    DossierState.RECORDED: "recorded_at",
    DossierState.PAID: "paid_at",
    DossierState.CODE_ISSUED: "code_issued_at",
    DossierState.ACTIVATED: "activated_at",
    DossierState.CANCELLED: "cancelled_at",
    DossierState.LAPSED: "lapsed_at",
    DossierState.REDIRECTED: "redirected_at",
}

desks = st.sampled_from((0, 1))
picks = st.integers(0, 99)


class Money(RuleBasedStateMachine):
    """The office of one example; its rows are gone when it ends."""

    pressed: ClassVar[int] = 0
    office: ClassVar[Office]
    clerks: ClassVar[list[Clerk]]
    supervisor: ClassVar[Clerk]

    @initialize()
    def morning(self) -> None:
        self.now = START
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.recorded: list[Dossier] = []
        self.unused: list[Dossier] = []
        self.paid: list[Payment] = []
        self.asked: list[Reversal] = []
        self.drawers: list[DrawerSession | None] = [None, None]
        self.closed: list[DrawerSession] = []
        # The till roll.
        self.people = self.codes = self.waivers = self.given_back = 0
        self.cash: dict[uuid.UUID, Decimal] = {}

    def step(self) -> datetime.datetime:
        type(self).pressed += 1
        self.now += datetime.timedelta(minutes=7)
        return self.now

    def is_open(self, desk: int) -> bool:
        drawer = self.drawers[desk]
        return drawer is not None and drawer.state == DrawerState.OPEN

    # A visit

    @rule(desk=desks)
    def record(self, desk: int) -> None:
        self.step()
        self.people += 1
        self.recorded += dossiers(self.clerks[desk], 1, first=self.people)

    @precondition(lambda self: self.recorded and any(map(self.is_open, (0, 1))))
    @rule(pick=picks, desk=desks)
    def pay_cash(self, pick: int, desk: int) -> None:
        desk = desk if self.is_open(desk) else 1 - desk
        payment = self.pay(pick, desk, Method.CASH)
        assert payment.drawer_id is not None
        self.cash[payment.drawer_id] += PRICE

    @precondition(lambda self: self.recorded)
    @rule(pick=picks, desk=desks)
    def pay_card(self, pick: int, desk: int) -> None:
        self.pay(pick, desk, Method.CARD)

    def pay(self, pick: int, desk: int, method: Method) -> Payment:
        dossier = self.recorded.pop(pick % len(self.recorded))
        is_cash = method is Method.CASH
        pay_and_issue(
            dossier=dossier,
            clerk=self.clerks[desk],
            method=method,
            tendered=Decimal(20) if is_cash else None,
            terminal_slip="" if is_cash else "A-17",
            submission=uuid.uuid4(),
            at=self.step(),
        )
        self.codes += 1
        self.unused.append(dossier)
        payment = Payment.objects.get(dossier=dossier)
        self.paid.append(payment)
        return payment

    @precondition(lambda self: self.recorded)
    @rule(pick=picks, desk=desks, reason=st.sampled_from(WaiverReason))
    def waive(self, pick: int, desk: int, reason: WaiverReason) -> None:
        dossier = self.recorded.pop(pick % len(self.recorded))
        waive_and_issue(
            dossier=dossier,
            clerk=self.clerks[desk],
            supervisor=self.supervisor,
            reason=reason,
            submission=uuid.uuid4(),
            at=self.step(),
        )
        self.codes += 1
        self.waivers += 1
        self.unused.append(dossier)

    # A mistake

    @precondition(lambda self: self.paid)
    @rule(pick=picks, desk=desks, reason=st.sampled_from(ReversalReason))
    def ask(self, pick: int, desk: int, reason: ReversalReason) -> None:
        payment = self.paid.pop(pick % len(self.paid))
        self.asked.append(
            ask_reversal(
                payment=payment,
                clerk=self.clerks[desk],
                reason=reason,
                at=self.step(),
            )
        )

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def confirm(self, pick: int) -> None:
        asked = self.asked.pop(pick % len(self.asked))
        at = self.step()
        done = confirm_reversal(reversal_id=asked.pk, supervisor=self.supervisor, at=at)
        payment = asked.payment
        self.given_back += 1
        self.unused = [one for one in self.unused if one.pk != payment.dossier_id]
        with_a_clerk = {one.pk for one in self.drawers if one and one.is_open}
        from_drawer = (
            payment.drawer_id in with_a_clerk
            and self.cash[payment.drawer_id] >= payment.amount
        )
        assert (done.drawer_id is not None) == from_drawer
        if payment.drawer_id is not None and from_drawer:
            self.cash[payment.drawer_id] -= payment.amount
        same_day = timezone.localdate(payment.taken_at) == timezone.localdate(at)
        on_terminal = payment.method == Method.CARD and same_day
        assert done.by_bank_transfer == (not from_drawer and not on_terminal)

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def refuse(self, pick: int) -> None:
        asked = self.asked.pop(pick % len(self.asked))
        refuse_reversal(
            reversal_id=asked.pk, supervisor=self.supervisor, at=self.step()
        )
        self.paid.append(asked.payment)

    # A code

    @precondition(lambda self: self.unused)
    @rule(pick=picks, desk=desks)
    def reissue(self, pick: int, desk: int) -> None:
        dossier = self.unused[pick % len(self.unused)]
        reissue_code(
            dossier=dossier,
            clerk=self.clerks[desk],
            reason=ReissueReason.SHEET_LOST,
            code_id=self.code(dossier).pk,
            at=self.step(),
        )

    @precondition(lambda self: self.unused or self.recorded)
    @rule(pick=picks, desk=desks)
    def correct_the_address(self, pick: int, desk: int) -> None:
        known = self.unused + self.recorded
        dossier = known[pick % len(known)]
        code = self.code(dossier).pk if dossier in self.unused else None
        correct_email(
            dossier=dossier,
            clerk=self.clerks[desk],
            email=f"p{pick}@example.org",
            code_id=code,
            at=self.step(),
        )

    @precondition(lambda self: self.unused)
    @rule(pick=picks)
    def activate(self, pick: int) -> None:
        dossier = self.unused.pop(pick % len(self.unused))
        code, at = self.code(dossier), self.step()
        name = f"person{dossier.applicant_id.hex[:8]}"
        choose_account(code_id=code.pk, user_name=name, password=GOOD_PASSWORD, at=at)
        key = choose_key(code_id=code.pk, kind=KeyKind.APP, at=at)
        digits = totp.digits(key.secret, totp.step_at(at))
        activate_key(code_id=code.pk, key_id=key.pk, typed=digits, at=at)

    @rule(hours=st.sampled_from((1, 9, 24, 24 * 6)))
    def time_passes(self, hours: int) -> None:
        self.now += datetime.timedelta(hours=hours)
        self.step()
        # What ends within a day ends now, so that none is due at a step in between.
        while self.unused and self.ends_within_a_day():
            self.now += DAY
            lapse_codes(at=self.now)
            left = Dossier.objects.filter(state=DossierState.CODE_ISSUED)
            pks = set(left.values_list("pk", flat=True))
            self.unused = [one for one in self.unused if one.pk in pks]

    def ends_within_a_day(self) -> bool:
        due = ActivationCode.objects.due_to_lapse(self.now + DAY)
        return due.filter(dossier__in=self.unused).exists()

    @staticmethod
    def code(dossier: Dossier) -> ActivationCode:
        return dossier.codes.get(state=CodeState.LIVE)

    # A drawer

    @precondition(lambda self: None in self.drawers)
    @rule(euros=st.sampled_from((0, 5, 100)))
    def open(self, euros: int) -> None:
        desk = self.drawers.index(None)
        drawer = open_drawer(
            clerk=self.clerks[desk], counts=fewest(Decimal(euros)), at=self.step()
        )
        self.drawers[desk] = drawer
        self.cash[drawer.pk] = Decimal(euros)

    @precondition(lambda self: any(map(self.is_open, (0, 1))))
    @rule(desk=desks, share=st.integers(1, 4))
    def bring_to_the_safe(self, desk: int, share: int) -> None:
        desk = desk if self.is_open(desk) else 1 - desk
        drawer = self.drawers[desk]
        assert drawer is not None
        amount = (self.cash[drawer.pk] / share).quantize(Decimal("0.01"))
        if not amount or amount > self.cash[drawer.pk]:
            return
        deposit(
            drawer=drawer,
            clerk=self.clerks[desk],
            amount=amount,
            reference="Z1",
            submission=uuid.uuid4(),
            at=self.step(),
        )
        self.cash[drawer.pk] -= amount

    @precondition(lambda self: any(map(self.is_open, (0, 1))))
    @rule(desk=desks, off=st.sampled_from((0, 0, -5, 3)))
    def count(self, desk: int, off: int) -> None:
        desk = desk if self.is_open(desk) else 1 - desk
        drawer = self.drawers[desk]
        assert drawer is not None
        amount = max(self.cash[drawer.pk] + off, Decimal(0))
        counted = count_drawer(
            drawer=drawer,
            clerk=self.clerks[desk],
            counts=fewest(amount),
            at=self.step(),
        )
        assert counted.difference == amount - self.cash[drawer.pk]
        self.drawers[desk] = counted

    @precondition(lambda self: any(one and not one.is_open for one in self.drawers))
    @rule()
    def close(self) -> None:
        for desk, drawer in enumerate(self.drawers):
            if drawer is not None and not drawer.is_open:
                closed = close_drawer(
                    drawer=drawer,
                    clerk=self.clerks[desk],
                    reason="Wisselgeld",
                    at=self.step(),
                )
                self.closed.append(closed)
                self.drawers[desk] = None

    @precondition(lambda self: self.closed)
    @rule(pick=picks)
    def approve(self, pick: int) -> None:
        approve_drawer(
            drawer=self.closed.pop(pick % len(self.closed)),
            supervisor=self.supervisor,
            sealed_bag="Z-1",
            at=self.step(),
        )

    # What must hold

    @property
    def money(self) -> Decimal:
        return PRICE * (self.codes - self.waivers - self.given_back)

    @invariant()
    def money_is_codes_less_waivers_and_reversals(self) -> None:
        taken = Payment.objects.aggregate(total=Sum("amount"))["total"] or 0
        back = Reversal.objects.confirmed().aggregate(total=Sum("amount"))["total"] or 0
        assert taken - back == self.money
        issued = Dossier.objects.filter(code_issued_at__isnull=False)
        assert issued.count() == self.codes == Payment.objects.count()

    @invariant()
    def every_drawer_holds_what_went_through_it(self) -> None:
        for drawer in DrawerSession.objects.all():
            expected = expected_in(drawer)
            assert expected == self.cash[drawer.pk] >= 0
            assert drawer.expected_amount in (None, expected)

    @invariant()
    def receipts_have_no_hole(self) -> None:
        by_year: dict[int, list[int]] = {}
        for year, number in Receipt.objects.order_by("number").values_list(
            "year", "number"
        ):
            by_year.setdefault(year, []).append(number)
        for numbers in by_year.values():
            assert numbers == list(range(1, len(numbers) + 1))
        assert sum(map(len, by_year.values())) == self.codes

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

    def everything_is_exported_and_closed(self) -> None:
        """The days' closes and the accounting's lines come to the same money."""
        for desk in (0, 1):
            if self.is_open(desk):
                self.count(desk, 0)
        self.close()
        when = [
            *Payment.objects.values_list("taken_at", flat=True),
            *Reversal.objects.confirmed().values_list("decided_at", flat=True),
        ]
        days = {timezone.localdate(at) for at in when if at is not None}
        closes = [close_of_day(office=self.office, date=date) for date in days]
        assert sum(day.balance for day in closes) == self.money
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
    Money.pressed = 0
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{Money.pressed} buttons pressed in {EXAMPLES} offices: every euro is there")
