"""The states, reasons and methods of payments."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class Method(Choices):
    CASH = "cash", _("cash")
    CARD = "card", _("card")
    WAIVER = "waiver", _("waiver")


class TariffCategory(Choices):
    STANDARD = "standard", _("everybody")
    RESIDENT = "resident", _("resident")
    NON_RESIDENT = "non_resident", _("non-resident")
    WAIVER = "waiver", _("free of charge")


class WaiverReason(Choices):
    """Why no fee is due.

    The supervisor chooses from this list instead of typing a text, so that no personal
    data gets into the reason.
    """

    REGULATION = "regulation", _("exempt under the regulation")
    OUR_MISTAKE = "our_mistake", _("the office's own mistake")
    DECISION = "decision", _("decision of the municipal executive")


class DrawerState(Choices):
    OPEN = "open", _("open")
    COUNTED = "counted", _("counted")
    CLOSED = "closed", _("closed")
    APPROVED = "approved", _("approved")


#: The states that may follow each state of a drawer. A drawer never returns to an
#: earlier state.
DRAWER_MOVES: dict[DrawerState, frozenset[DrawerState]] = {
    DrawerState.OPEN: frozenset({DrawerState.COUNTED}),
    DrawerState.COUNTED: frozenset({DrawerState.CLOSED}),
    DrawerState.CLOSED: frozenset({DrawerState.APPROVED}),
    DrawerState.APPROVED: frozenset(),
}

#: Drawers that the clerk has not handed in. A clerk has at most one of them.
WITH_THE_CLERK = (DrawerState.OPEN, DrawerState.COUNTED)


class MovementKind(Choices):
    DEPOSIT = "deposit", _("to the safe")


class ReversalReason(Choices):
    """Why money is given back.

    There is no reason "the code was not used": then the fee is not given back
    (docs/domain.md#money).
    """

    DOUBLE_CHARGE = "double_charge", _("charged twice")
    CODE_NEVER_CREATED = "code_never_created", _("the code was never made")
    WRONG_AMOUNT = "wrong_amount", _("wrong amount")
    WRONG_METHOD = "wrong_method", _("wrong method")
    WRONG_PERSON = "wrong_person", _("wrong person")


class ReversalState(Choices):
    """asked -> agreed -> settled; a bank transfer is settled when it is agreed to.

    Only settled reversals count in a drawer, in the closing of a day and in an export.
    """

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed, not given yet")
    SETTLED = "settled", _("given back")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: The states that may follow each state of a reversal.
REVERSAL_MOVES: dict[ReversalState, frozenset[ReversalState]] = {
    ReversalState.ASKED: frozenset(
        {
            ReversalState.AGREED,
            ReversalState.SETTLED,
            ReversalState.REFUSED,
            ReversalState.WITHDRAWN,
        }
    ),
    ReversalState.AGREED: frozenset({ReversalState.SETTLED}),
    ReversalState.SETTLED: frozenset(),
    ReversalState.REFUSED: frozenset(),
    ReversalState.WITHDRAWN: frozenset(),
}

#: The states of reversals that wait for a decision or for the money to be handed over.
OPEN_REVERSALS = (ReversalState.ASKED, ReversalState.AGREED)


class RefundMethod(Choices):
    """How money is given back; it may differ from the method of the payment."""

    CASH = "cash", _("cash")
    TERMINAL = "terminal", _("card terminal")
    TRANSFER = "transfer", _("bank transfer")
    #: No money is given back: the books are changed to correct the method.
    BOOKS = "books", _("in the books only")


#: The ways in which a person gets money.
PAID_BACK_BY = (RefundMethod.CASH, RefundMethod.TERMINAL, RefundMethod.TRANSFER)
