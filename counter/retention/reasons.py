"""Why something of a person is kept longer, handed over, or erased before its time."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class HoldReason(Choices):
    """Why nothing may be removed of a dossier for the time being."""

    LAWSUIT = "lawsuit", _("lawsuit")
    COMPLAINT = "complaint", _("complaint")
    ENQUIRY = "enquiry", _("investigation by police or judge")
    AUDIT = "audit", _("audit")
    RIGHTS = "rights", _("the person asked to keep it")


#: What the person is not told: whoever is looked into could do away with the rest.
NOT_TOLD: Final = frozenset({HoldReason.ENQUIRY})


class LiftReason(Choices):
    """Why a hold is not needed any more."""

    OVER = "over", _("the case is over")
    MISTAKE = "mistake", _("set by mistake")
    OTHER_HOLD = "other_hold", _("another hold takes its place")
    LAST_DAY = "last_day", _("its last day is over")


class ExportReason(Choices):
    """Why all data of a person are put together."""

    ASKED = "asked", _("the person asked for it")
    OFFICER = "officer", _("the data-protection officer asked for it")
    AUTHORITY = "authority", _("the data-protection authority asked for it")


class ErasureReason(Choices):
    """Why data of a person go before their time."""

    ASKED = "asked", _("the person asked for it")
    WRONG = "wrong", _("it should not have been kept")
