from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig
from counter.journal.events import Event
from payments.enums import Method, ReversalReason, WaiverReason, Way


class PaymentsConfig(HouseConfig):
    default = True
    name = "payments"
    verbose_name = _("Payments")
    # Payments, receipts, movements, bank refunds and batches only grow.
    changes: ClassVar[frozenset[str]] = frozenset(
        {
            "DrawerSession",
            "ReceiptCounter",
            "Reversal",
            "Tariff",
            "Terminal",
            "TerminalTotal",
        }
    )
    removes: ClassVar[frozenset[str]] = frozenset({"Tariff", "Terminal_desks"})

    def ready(self) -> None:
        from counter.desk import dashboard  # noqa: PLC0415 (it has models)
        from counter.journal.entry_details import label  # noqa: PLC0415 (as above)
        from counter.people import kinship_door  # noqa: PLC0415 (it has models)
        from payments.reversals import waiting  # noqa: PLC0415 (as above)
        from payments.reversals.reversing import dossier_of  # noqa: PLC0415 (as above)

        label(Method, "method", Event.PAYMENT_TAKEN, Event.METHOD_CORRECTED)
        label(Method, "before", Event.METHOD_CORRECTED)
        label(ReversalReason, "reason", Event.REVERSAL_ASKED)
        label(WaiverReason, "reason", Event.FEE_WAIVED)
        label(Way, "way", Event.REFUND_GIVEN)
        # A reversal's pages do something to the person of its dossier.
        kinship_door.LEADS_TO["reversal"] = dossier_of
        dashboard.also_shown.append(waiting.reversals)
