from typing import TYPE_CHECKING, ClassVar, override

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig
from counter.journal.events import Event
from payments.enums import Method, RefundMethod, ReversalReason, WaiverReason

if TYPE_CHECKING:
    from counter.backups.figures import Figure
    from counter.desk.additions import Contribution
    from counter.retention.registry import Retention
    from counter.rights.sections import Section
    from counter.roles.kinds import RoleRights
    from counter.upcoming.brought import Upcoming


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
        from counter.journal.entry_details import label  # noqa: PLC0415 (models)

        label(Method, "method", Event.PAYMENT_TAKEN, Event.METHOD_CORRECTED)
        label(Method, "before", Event.METHOD_CORRECTED)
        label(ReversalReason, "reason", Event.REVERSAL_ASKED)
        label(WaiverReason, "reason", Event.FEE_WAIVED)
        label(RefundMethod, "refund_method", Event.REFUND_GIVEN)

    @override
    def at_the_desk(self) -> "Contribution":
        from payments.desk.contribution import CONTRIBUTION  # noqa: PLC0415 (models)

        return CONTRIBUTION

    @override
    def retention(self) -> "Retention":
        from payments.retention import RETENTION  # noqa: PLC0415 (models)

        return RETENTION

    @override
    def backup_figures(self) -> "tuple[Figure, ...]":
        from payments.closing.backup_figures import FIGURES  # noqa: PLC0415 (models)

        return FIGURES

    @override
    def upcoming(self) -> "tuple[Upcoming, ...]":
        from payments.tariffs.upcoming import UPCOMING  # noqa: PLC0415 (models)

        return UPCOMING

    @override
    def kept_of_a_person(self) -> "tuple[Section, ...]":
        from payments.rights import SECTIONS  # noqa: PLC0415 (models)

        return SECTIONS

    @override
    def role_rights(self) -> "RoleRights":
        from payments.desk.role_rights import RIGHTS  # noqa: PLC0415 (has translations)

        return RIGHTS
