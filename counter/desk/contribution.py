"""The additions of the app `counter` to the desk; higher apps have their own.

The numbers are the `order` among the additions of all apps.
"""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.admin.accounts import leaving
from counter.desk import closing_days, dashboard
from counter.desk.acts import Act
from counter.desk.additions import (
    Contribution,
    Doors,
    Part,
    ProblemList,
    Slot,
)
from counter.enquiries import overdue
from counter.enums import DossierState
from counter.models import Dossier
from counter.overview.own import OVERVIEW
from counter.people import kinship_door
from counter.statistics.own import BREAKDOWNS


def _is_recorded(dossier: Dossier, _at: datetime) -> bool:
    return dossier.state == DossierState.RECORDED


CONTRIBUTION: Final = Contribution(
    problems=(
        ProblemList(80, dashboard.paid_without_code),
        ProblemList(110, overdue.messages, again=True),
        ProblemList(120, closing_days.problems, again=True),
    ),
    parts=(
        Part(Slot.DOSSIER_ACTIONS, 20, "counter/dossiers/_cancel_action.html"),
        Part(Slot.DOSSIER_KEYS, 20, "counter/dossiers/_cancel_key.html"),
    ),
    left_behind=(leaving.drafts_left,),
    acts=(
        Act(
            order=200,
            name="cancel",
            label=_("Cancel the dossier"),
            is_possible=_is_recorded,
            page="counter_dossiers:cancel_dossier",
        ),
    ),
    doors=Doors(
        namespaces=frozenset(
            {
                # The admin's own pages have no argument `pk`; its pages of acts do.
                "admin",
                "counter_desk",
                "counter_dossiers",
                "counter_email",
                "counter_people",
                "counter_sign_in",
                "counter_staff",
            }
        ),
        leads_to={"pk": kinship_door.dossier_by_id},
        # One of these pages shows the dossier, the other is the question itself.
        read_only=frozenset({"counter_dossiers:dossier", "counter_people:family"}),
    ),
    overview=OVERVIEW,
    breakdowns=BREAKDOWNS,
)
