"""The desk's lists of dossiers whose code has stopped working or soon lapses."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from activation.enums import CodeState
from counter.desk.problem import MOST_OF_A_KIND, Problem, of_dossiers
from counter.enums import DossierState
from counter.models import Clerk, Dossier

if TYPE_CHECKING:
    from counter.desk.additions import Rows

#: A live code that ends within this time is about to lapse.
SOON: Final = timedelta(days=2)


def _dossiers(clerk: Clerk) -> "Rows":
    rows = Dossier.objects.visible_to(clerk).select_related("applicant")
    return rows.filter(state=DossierState.CODE_ISSUED)


def stopped(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    """Codes that somebody who did not ask for them stopped, or a supervisor; the
    dossier's journal says which.
    """
    rows = _dossiers(clerk).filter(
        codes__frozen_at__isnull=False,
        codes__state__in=(CodeState.FROZEN, CodeState.HELD),
    )
    return of_dossiers(rows[:MOST_OF_A_KIND], _("code stopped"))


def locked(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    rows = _dossiers(clerk).filter(codes__state=CodeState.LOCKED)
    return of_dossiers(rows[:MOST_OF_A_KIND], _("code locked"))


def about_to_lapse(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    rows = _dossiers(clerk).filter(
        codes__state=CodeState.LIVE,
        codes__valid_until__gt=at,
        codes__valid_until__lte=at + SOON,
    )
    return of_dossiers(rows[:MOST_OF_A_KIND], _("code about to lapse"))
