"""Whatever is done, in whatever order: every euro is accounted for.

Hypothesis has two clerks and a supervisor press the buttons of the product in orders
nobody thought of, against the real database, and keeps a till roll of its own beside
it. The figure is the number of buttons pressed (SECURITY.md, section 2).
"""

import os
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from activation.enums import CodeState
from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from payments.day import close_of_day
from payments.export import export_cards, export_session
from payments.models import DrawerSession, Payment, Receipt, Reversal, Tariff
from payments.services.drawers import expected_in
from tests import cast
from tests.payments.buttons import DAY, PRICE, Buttons
from tests.payments.test_export import balance, rows

SOAK = bool(os.environ.get("SOAK"))
EXAMPLES, STEPS = (110, 110) if SOAK else (20, 55)

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


class Money(Buttons):
    """What must hold after every button, and in the evening."""

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
            # A shorter order is looked for by hand: it takes minutes.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{Money.pressed} buttons pressed in {EXAMPLES} offices: every euro is there")
