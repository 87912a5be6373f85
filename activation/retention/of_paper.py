"""The retention rules for recovery codes: after their use, and after the last key."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from activation.models import DigitalKey, RecoveryCode
from activation.querysets import ACTIVITY_KEPT, KEY_END
from counter.retention.own_rules import SECURITY
from counter.retention.registry import DAY, Act, Rule


def _papers(until: datetime) -> QuerySet[RecoveryCode]:
    """Recovery codes of accounts whose last key ended by then; they no longer work."""
    later = DigitalKey.objects.alias(_end=KEY_END).filter(
        holder=OuterRef("holder"), _end__gt=until
    )
    return RecoveryCode.objects.filter(~Exists(later), made_at__lte=until)


PAPER_RULES: Final = (
    Rule(
        code="used_recovery_code",
        order=64,
        model="activation.RecoveryCode",
        data=_("recovery code that was used"),
        event=_("the day it was used"),
        act=Act.DELETED,
        ground=SECURITY,
        period=ACTIVITY_KEPT,
        past=lambda until: RecoveryCode.objects.filter(used_at__lte=until),
        people=("holder__applicant",),
    ),
    Rule(
        code="recovery_code",
        order=65,
        model="activation.RecoveryCode",
        data=_("recovery codes on paper"),
        event=_("the end of the last key"),
        act=Act.DELETED,
        ground=SECURITY,
        period=30 * DAY,
        past=_papers,
        people=("holder__applicant",),
    ),
)
