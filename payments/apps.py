from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig


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
        from counter.people import kinship_door  # noqa: PLC0415 (it has models)
        from payments.reversals import waiting  # noqa: PLC0415 (as above)
        from payments.reversals.reversing import dossier_of  # noqa: PLC0415 (as above)

        # A reversal's pages do something to the person of its dossier.
        kinship_door.LEADS_TO["reversal"] = dossier_of
        dashboard.also_shown.append(waiting.reversals)
