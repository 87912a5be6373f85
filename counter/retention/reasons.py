"""Reasons for legal holds, and for exporting or erasing the data of a person."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class HoldReason(Choices):
    """Why a legal hold is set."""

    LAWSUIT = "lawsuit", _("lawsuit")
    COMPLAINT = "complaint", _("complaint")
    ENQUIRY = "enquiry", _("investigation by police or judge")
    AUDIT = "audit", _("audit")
    RIGHTS = "rights", _("the person asked to keep it")


#: Holds that the person is not told of, who could otherwise destroy other evidence.
NOT_TOLD: Final = frozenset({HoldReason.ENQUIRY})


class LiftReason(Choices):
    """Why a legal hold is lifted."""

    OVER = "over", _("the case is over")
    MISTAKE = "mistake", _("set by mistake")
    OTHER_HOLD = "other_hold", _("another hold takes its place")
    LAST_DAY = "last_day", _("its last day is over")


class ExportReason(Choices):
    """Why all data of a person are exported."""

    ASKED = "asked", _("the person asked for it")
    OFFICER = "officer", _("the data-protection officer asked for it")
    AUTHORITY = "authority", _("the data-protection authority asked for it")


class ErasureReason(Choices):
    """Why data of a person are erased before the end of their period."""

    ASKED = "asked", _("the person asked for it")
    WRONG = "wrong", _("it should not have been kept")
