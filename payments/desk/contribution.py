"""What this app adds to the desk, to a dossier's page and to the admin."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from counter.desk.additions import (
    Contribution,
    Doors,
    Finder,
    Page,
    Part,
    ProblemList,
    Slot,
)
from counter.identity import typed_digits
from counter.models import Dossier
from payments.admin.drawers import left_behind
from payments.desk.acts import ACTS
from payments.desk.overview import OVERVIEW
from payments.models import Payment
from payments.reversals import waiting
from payments.reversals.reversing import dossier_of

if TYPE_CHECKING:
    from counter.desk.additions import Rows

# A receipt number is printed as 2026-000123; it may be typed without the zeros.
_RECEIPT: Final = re.compile(r"(20[0-9]{2}) ([0-9]{1,6})")


def by_receipt(text: str, rows: "Rows") -> "Rows | None":
    """The dossier whose payment has this receipt number; None if it is not a number."""
    receipt = _RECEIPT.fullmatch(" ".join(typed_digits.groups(text)))
    if receipt is None:
        return None
    year, number = map(int, receipt.groups())
    return rows.filter(payments__receipt__year=year, payments__receipt__number=number)


def on_page(page: Page) -> Mapping[str, Any]:
    """The context of a dossier's page about its payment.

    `payment` is None before it is paid, and `reversal` is None when nobody asked for
    one. `payments` also has those that a correction has replaced.
    """
    payment = Payment.objects.that_stands(page.dossier)
    return {
        "payment": payment,
        "reversal": payment and payment.last_reversal,
        "payments": lambda: _all_payments(page.dossier),
    }


def _all_payments(dossier: Dossier) -> list[Payment]:
    """All payments of the dossier with receipts and reversals, the newest first."""
    rows = dossier.payments.select_related("taken_by", "receipt")
    return list(rows.prefetch_related("reversals__asked_by", "reversals__decided_by"))


CONTRIBUTION: Final = Contribution(
    problems=(ProblemList(40, waiting.reversals, again=True),),
    finders=(Finder(10, by_receipt),),
    parts=(
        Part(Slot.BAR, 10, "payments/desk/_bar.html"),
        Part(Slot.BAR_KEYS, 10, "payments/desk/_bar_keys.html"),
        Part(Slot.DOSSIER_NEXT, 10, "payments/desk/_money_back.html"),
        Part(Slot.DOSSIER_FACTS, 10, "payments/desk/_facts.html"),
        Part(Slot.DOSSIER_ACTIONS, 40, "payments/desk/_actions.html"),
        Part(Slot.DOSSIER_KEYS, 40, "payments/desk/_keys.html"),
        Part(Slot.READ, 10, "payments/desk/_read.html"),
    ),
    dossier_context=on_page,
    left_behind=(left_behind,),
    acts=ACTS,
    doors=Doors(
        namespaces=frozenset(
            {
                "payments_closing",
                "payments_corrections",
                "payments_drawers",
                "payments_receipts",
                "payments_reversals",
            }
        ),
        # Pages with a reversal in their address are about the person of its dossier.
        leads_to={"reversal": dossier_of},
    ),
    overview=OVERVIEW,
)
