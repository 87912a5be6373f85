"""How long payments are kept (counter.retention): the books, which name nobody."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from counter.retention.own_rules import ACCOUNTING
from counter.retention.registry import Kept, Need, Retention
from payments.enums import OPEN_REVERSALS
from payments.models import Reversal


def _money_goes_back(_at: datetime) -> QuerySet[Any]:
    """Dossiers with a reversal that is not over: asked for, agreed to, or to be paid by
    the finance service, which needs the name of the person.
    """
    unpaid = Reversal.objects.not_paid_yet().values("pk")
    rows = Reversal.objects.filter(Q(state__in=OPEN_REVERSALS) | Q(pk__in=unpaid))
    return rows.order_by().values("payment__dossier")


RETENTION: Final = Retention(
    needs=(
        Need(
            order=10,
            why=_("money is being given back"),
            dossiers=_money_goes_back,
        ),
    ),
    kept=(
        Kept(
            order=10,
            data=_("payments, receipts, drawers and exports, in which nobody is named"),
            ground=ACCOUNTING,
            years=10,
        ),
    ),
)
