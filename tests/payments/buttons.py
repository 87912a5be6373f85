"""The buttons about money, for Hypothesis to press in any order.

`Buttons` also keeps a till roll (`codes`, `cash` ...): it adds up what the buttons did,
and does not read the database.
"""

import datetime
import uuid
from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from activation.codes.issuing import pay_and_issue, waive_and_issue
from activation.codes.lapsing import lapse_codes
from activation.codes.reissuing import correct_email, reissue_code
from activation.enums import CodeState, KeyKind, ReissueReason
from activation.journey.accounts import choose_account
from activation.journey.activating import activate_key
from activation.journey.choosing import choose_key
from activation.models import ActivationCode
from counter.models import Clerk, Dossier, Office
from counter.sign_in import totp
from payments.drawers.denominations import fewest
from payments.drawers.drawers import (
    approve_drawer,
    close_drawer,
    count_drawer,
    deposit,
    open_drawer,
)
from payments.enums import DrawerState, Method, RefundMethod, WaiverReason
from payments.exceptions import DrawerRefusedError
from payments.models import DrawerSession, Payment, Reversal
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD
from tests.payments.buttons_of_reversals import ReversalButtons, desks, picks
from tests.payments.people import dossiers

PRICE = Decimal("10.00")
#: Ten days before a year ends, so that receipts get numbers of two years.
START = datetime.datetime(2026, 12, 21, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


class Buttons(ReversalButtons):
    """The office of one example; its rows are removed when the example ends."""

    pressed: ClassVar[int] = 0
    office: ClassVar[Office]
    clerks: ClassVar[list[Clerk]]
    supervisor: ClassVar[Clerk]

    @initialize()
    def morning(self) -> None:
        self.now = START
        self.presses = 0
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.recorded: list[Dossier] = []
        self.unused: list[Dossier] = []
        self.paid: list[Payment] = []
        self.asked: list[Reversal] = []
        self.agreed: list[Reversal] = []
        self.with_the_bank: list[Reversal] = []
        self.waived: list[Payment] = []
        self.then: dict[uuid.UUID, DrawerSession | None] = {}
        self.drawers: list[DrawerSession | None] = [None, None]
        self.closed: list[DrawerSession] = []
        # The till roll.
        self.people = self.codes = self.waivers = self.given_back = 0
        self.corrected = 0
        self.cash: dict[uuid.UUID, Decimal] = {}
        #: Drawers with a payment that was wrongly booked as cash. Its amount may have
        #: gone to the safe, so they may hold less than nothing until they are counted.
        self.never_came: set[uuid.UUID] = set()
        #: The amount given back, by refund method and day.
        self.paid_back: defaultdict[tuple[RefundMethod, datetime.date], Decimal] = (
            defaultdict(Decimal)
        )

    def step(self) -> datetime.datetime:
        type(self).pressed += 1
        self.presses += 1
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
            terminal_slip="" if is_cash else cast.ticket(),
            submission=uuid.uuid4(),
            at=self.step(),
            document_seen=True,
        )
        self.codes += 1
        self.unused.append(dossier)
        payment = Payment.objects.get(dossier=dossier)
        self.paid.append(payment)
        self.then[dossier.pk] = self.drawers[desk] if self.is_open(desk) else None
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
            document_seen=True,
        )
        self.codes += 1
        self.waivers += 1
        self.waived.append(Payment.objects.get(dossier=dossier))
        self.then[dossier.pk] = self.drawers[desk] if self.is_open(desk) else None
        self.unused.append(dossier)

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
            document_seen=True,
            supervisor=self.supervisor,
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
            # A new one: the counter refuses an address that two people have.
            email=f"p{self.now:%d%H%M}.{self.people}@example.org",
            code_id=code,
            document_seen=True,
            supervisor=self.supervisor,
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
        # A code that ends within a day lapses now, so that none is due at a later step.
        while ActivationCode.objects.due_to_lapse(self.now + DAY).exists():
            self.now += DAY
            lapse_codes(at=self.now)
        self.look_for_codes()

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
        if amount <= 0 or amount > self.cash[drawer.pk]:
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
        press = partial(
            count_drawer,
            drawer=drawer,
            clerk=self.clerks[desk],
            counts=fewest(amount),
            at=self.step(),
        )
        if any(one.drawer_id == drawer.pk for one in self.agreed):
            with pytest.raises(DrawerRefusedError):
                press()
            return
        counted = press()
        assert counted.difference == amount - self.cash[drawer.pk]
        self.drawers[desk] = counted

    @precondition(lambda self: any(one and not one.is_open for one in self.drawers))
    @rule()
    def close(self) -> None:
        for desk, drawer in enumerate(self.drawers):
            if drawer is not None and not drawer.is_open:
                closed = close_drawer(
                    drawer=drawer,
                    count=1,
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
            count=1,
            sealed_bag="Z-1",
            at=self.step(),
        )
