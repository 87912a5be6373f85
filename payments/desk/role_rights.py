"""What each role may do with money (counter.roles).

The finance service may read and export only. Giving money back, waiving a fee and
approving a drawer need a supervisor besides the clerk.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.enums import Role
from counter.roles.kinds import Act, RoleRights, Roles, Rows, Section
from counter.roles.role_rights import KEEPERS, MONEY_READERS, SUPERVISOR

_SETTINGS: Final[Roles] = MONEY_READERS | KEEPERS

WAIVE_FEE: Final = Act(
    order=30,
    section=Section.DESK,
    model="payments.payment",
    name="waive_fee",
    label=_("Agree that a fee is not asked"),
    roles=SUPERVISOR,
)
READ_DAY: Final = Act(
    order=10,
    section=Section.MONEY,
    model="payments.payment",
    name="read_day",
    label=_("Read the close of the day and the takings, and open an export"),
    roles=MONEY_READERS,
)
EXPORT: Final = Act(
    order=20,
    section=Section.MONEY,
    model="payments.exportbatch",
    name="export_money",
    label=_("Export to the bookkeeping"),
    roles=SUPERVISOR | {Role.FINANCE},
)
NOTE_TERMINAL_TOTAL: Final = Act(
    order=30,
    section=Section.MONEY,
    model="payments.terminaltotal",
    name="note_terminal_total",
    label=_("Note the day total of a terminal"),
    roles=SUPERVISOR,
)
APPROVE_DRAWER: Final = Act(
    order=40,
    section=Section.MONEY,
    model="payments.drawersession",
    name="approve_drawer",
    label=_("Approve drawers, and count or close one for a colleague"),
    roles=SUPERVISOR,
)
DECIDE_REVERSAL: Final = Act(
    order=50,
    section=Section.MONEY,
    model="payments.reversal",
    name="decide_reversal",
    label=_("Decide whether money goes back"),
    roles=SUPERVISOR,
)
CORRECT_METHOD: Final = Act(
    order=60,
    section=Section.MONEY,
    model="payments.payment",
    name="correct_method",
    label=_("Correct how it was paid"),
    roles=SUPERVISOR,
)

#: The models that can only be read, each with its place in the section of the money.
_READ: Final = (
    (110, "payment"),
    (120, "receipt"),
    (130, "reversal"),
    (140, "bankrefund"),
    (150, "drawersession"),
    (160, "drawermovement"),
    (170, "drawercount"),
    (180, "terminaltotal"),
    (190, "exportbatch"),
    (200, "receiptcounter"),
)

RIGHTS: Final = RoleRights(
    acts=(
        WAIVE_FEE,
        READ_DAY,
        EXPORT,
        NOTE_TERMINAL_TOTAL,
        APPROVE_DRAWER,
        DECIDE_REVERSAL,
        CORRECT_METHOD,
    ),
    rows=(
        *(
            Rows(
                order=order,
                section=Section.MONEY,
                model=f"payments.{model}",
                view=MONEY_READERS,
            )
            for order, model in _READ
        ),
        Rows(
            order=50,
            section=Section.OFFICE,
            model="payments.tariff",
            view=_SETTINGS,
            add=KEEPERS,
            change=KEEPERS,
            # Only a tariff that was never charged (payments.admin.tariffs).
            delete=KEEPERS,
        ),
        Rows(
            order=60,
            section=Section.OFFICE,
            model="payments.terminal",
            view=_SETTINGS,
            add=KEEPERS,
            change=KEEPERS,
        ),
    ),
)
