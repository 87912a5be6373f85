"""The buttons about money that goes back, for Hypothesis to press in any order."""

import datetime
import uuid
from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import ClassVar

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from activation.enums import CodeState
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from payments.corrections.correcting import correct_method
from payments.corrections.right_method import CorrectionRefusedError, RightMethod
from payments.enums import Method, RefundMethod, ReversalReason, WaiverReason
from payments.models import DrawerSession, Payment, Reversal
from payments.reversals.handing_over import confirm_hand_over, leave_to_bank
from payments.reversals.refunding import note_refund
from payments.reversals.reversing import (
    ReversalRefusedError,
    agree_to_reversal,
    ask_reversal,
    refuse_reversal,
    withdraw_reversal,
)
from tests import cast

desks = st.sampled_from((0, 1))
picks = st.integers(0, 99)


class ReversalButtons(RuleBasedStateMachine):
    """Ask for reversals; withdraw, refuse, agree to, hand over, leave to the bank."""

    clerks: ClassVar[list[Clerk]]
    supervisor: ClassVar[Clerk]
    now: datetime.datetime
    unused: list[Dossier]
    paid: list[Payment]
    asked: list[Reversal]
    agreed: list[Reversal]
    with_the_bank: list[Reversal]
    drawers: list[DrawerSession | None]
    given_back: int
    cash: dict[uuid.UUID, Decimal]
    never_came: set[uuid.UUID]
    waived: list[Payment]
    waivers: int
    corrected: int
    #: The drawer that the clerk had open when a dossier was paid, by dossier.
    then: dict[uuid.UUID, DrawerSession | None]
    paid_back: defaultdict[tuple[RefundMethod, datetime.date], Decimal]

    def step(self) -> datetime.datetime:
        raise NotImplementedError

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
        self.look_for_codes()

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        asked = self.asked.pop(pick % len(self.asked))
        who = asked.asked_by
        withdraw_reversal(reversal_id=asked.pk, clerk=who, at=self.step())
        self.paid.append(asked.payment)
        self.look_for_codes()

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def refuse(self, pick: int) -> None:
        asked = self.asked.pop(pick % len(self.asked))
        refuse_reversal(
            reversal_id=asked.pk, supervisor=self.supervisor, at=self.step()
        )
        self.paid.append(asked.payment)
        self.look_for_codes()

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def agree(self, pick: int) -> None:
        """A reversal by bank transfer counts at once, any other when handed over."""
        asked = self.asked.pop(pick % len(self.asked))
        at = self.step()
        done = agree_to_reversal(
            reversal_id=asked.pk,
            supervisor=self.supervisor,
            at=at,
            although_active=True,
        )
        payment = asked.payment
        with_a_clerk = {one.pk for one in self.drawers if one and one.is_open}
        from_drawer = (
            payment.drawer_id in with_a_clerk
            and self.cash[payment.drawer_id] >= payment.amount
        )
        same_day = timezone.localdate(payment.taken_at) == timezone.localdate(at)
        # A late correction counts on no terminal, so no terminal gives it back.
        on_terminal = payment.method == Method.CARD and same_day and not payment.late
        if from_drawer:
            assert done.refund_method == RefundMethod.CASH
        else:
            assert done.refund_method == (
                RefundMethod.TERMINAL if on_terminal else RefundMethod.TRANSFER
            )
        if done.refund_method == RefundMethod.TRANSFER:
            self.gave(done)
        else:
            self.agreed.append(done)
        self.look_for_codes()

    @precondition(lambda self: self.agreed)
    @rule(pick=picks, supervisor=st.booleans())
    def hand_over(self, pick: int, supervisor: bool) -> None:  # noqa: FBT001
        agreed = self.agreed.pop(pick % len(self.agreed))
        drawer = agreed.drawer
        clerk = self.supervisor if supervisor or not drawer else drawer.clerk
        slip = cast.ticket() if agreed.refund_method == RefundMethod.TERMINAL else ""
        confirm = partial(
            confirm_hand_over,
            reversal_id=agreed.pk,
            clerk=clerk,
            at=self.step(),
            refund_slip=slip,
        )
        if drawer and self.cash[drawer.pk] < agreed.amount:
            with pytest.raises(ReversalRefusedError):
                confirm()
            self.agreed.append(agreed)
            return
        done = confirm()
        if drawer:
            self.cash[drawer.pk] -= agreed.amount
        self.gave(done)

    @precondition(lambda self: self.agreed)
    @rule(pick=picks)
    def leave_to_bank(self, pick: int) -> None:
        agreed = self.agreed.pop(pick % len(self.agreed))
        done = leave_to_bank(
            reversal_id=agreed.pk, clerk=self.supervisor, at=self.step()
        )
        assert done.refund_method == RefundMethod.TRANSFER
        self.gave(done)

    @precondition(lambda self: self.with_the_bank)
    @rule(pick=picks)
    def pay_back(self, pick: int) -> None:
        done = self.with_the_bank.pop(pick % len(self.with_the_bank))
        at = self.step()
        note_refund(
            reversal_id=done.pk,
            supervisor=self.supervisor,
            paid_on=timezone.localdate(at),
            at=at,
        )

    def gave(self, done: Reversal) -> None:
        self.given_back += 1
        assert done.booked_on is not None
        self.paid_back[RefundMethod(done.refund_method), done.booked_on] += done.amount
        if done.refund_method == RefundMethod.TRANSFER:
            self.with_the_bank.append(done)

    def look_for_codes(self) -> None:
        """Read from the database which codes still work; the invariants check that."""
        live = ActivationCode.objects.filter(state=CodeState.LIVE)
        pks = set(live.values_list("dossier", flat=True))
        undecided = {reversal.payment.dossier_id for reversal in self.asked}
        assert not pks & undecided
        self.unused = list(Dossier.objects.filter(pk__in=pks).order_by("recorded_at"))

    # A wrong method

    @precondition(lambda self: self.paid or self.waived)
    @rule(pick=picks, method=st.sampled_from(Method))
    def correct(self, pick: int, method: Method) -> None:
        """Correct any method to any other, before or after the drawer was counted."""
        pool = self.paid + self.waived
        wrong = pool[pick % len(pool)]
        then = self.then[wrong.dossier_id]
        press = partial(
            correct_method,
            payment=wrong,
            right=RightMethod(
                method=method,
                terminal_slip=cast.ticket() if method is Method.CARD else "",
                waiver_reason=WaiverReason.OUR_MISTAKE
                if method is Method.WAIVER
                else None,
            ),
            clerk=self.clerks[0],
            supervisor=self.supervisor,
            at=self.step(),
        )
        same = method == wrong.method and method is not Method.CARD
        if same or (method is Method.CASH and then is None):
            with pytest.raises(CorrectionRefusedError):
                press()
            return
        right = press()
        self.move_cash(wrong, right, then)
        self.corrected += 1
        self.waivers += (method is Method.WAIVER) - (wrong.method == Method.WAIVER)
        (self.waived if wrong in self.waived else self.paid).remove(wrong)
        (self.waived if method is Method.WAIVER else self.paid).append(right)

    def move_cash(
        self, wrong: Payment, right: Payment, then: DrawerSession | None
    ) -> None:
        """Change the cash of open drawers only: a counted sum stays as it is."""
        still_open = {one.pk for one in self.drawers if one and one.is_open}
        if wrong.drawer_id in still_open and wrong.drawer_id is not None:
            self.cash[wrong.drawer_id] -= wrong.amount
            self.never_came.add(wrong.drawer_id)
        if right.method == Method.CASH and then is not None:
            assert right.late == (then.pk not in still_open)
            if not right.late:
                self.cash[then.pk] += right.amount
