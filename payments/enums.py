"""The vocabulary of the money."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    CASH = "cash", _("cash")
    CARD = "card", _("card")
    WAIVER = "waiver", _("waiver")


#: How a person pays at the counter; a waiver is a supervisor's.
PAID_BY = (Method.CASH, Method.CARD)


class TariffCategory(TextChoices):
    STANDARD = "standard", _("everybody")
    RESIDENT = "resident", _("resident")
    NON_RESIDENT = "non_resident", _("non-resident")
    WAIVER = "waiver", _("free of charge")


class WaiverReason(TextChoices):
    """Why nothing is due. A word of a list, so that it says nothing of a person."""

    REGULATION = "regulation", _("exempt under the regulation")
    OUR_MISTAKE = "our_mistake", _("the office's own mistake")
    DECISION = "decision", _("decision of the municipal executive")


class DrawerState(TextChoices):
    OPEN = "open", _("open")
    COUNTED = "counted", _("counted")
    CLOSED = "closed", _("closed")
    APPROVED = "approved", _("approved")


#: The clerk still has it; of these there is one a clerk.
WITH_THE_CLERK = (DrawerState.OPEN, DrawerState.COUNTED)


class MovementKind(TextChoices):
    DEPOSIT = "deposit", _("to the safe")


class ReversalReason(TextChoices):
    """DOMAIN.md, section 6. Not activating is no reason."""

    DOUBLE_CHARGE = "double_charge", _("charged twice")
    CODE_NEVER_CREATED = "code_never_created", _("the code was never made")
    WRONG_AMOUNT = "wrong_amount", _("wrong amount")


class ReversalState(TextChoices):
    ASKED = "asked", _("asked")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
