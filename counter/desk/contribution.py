"""What the counter itself brings to the desk; higher apps bring theirs beside it.

The numbers say where each stands among what the other apps bring.
"""

from typing import Final

from counter.admin import leaving
from counter.desk import dashboard
from counter.desk.additions import (
    Contribution,
    Doors,
    Part,
    ProblemList,
    Slot,
)
from counter.enquiries import overdue
from counter.overview.own import OVERVIEW
from counter.people import kinship_door
from counter.statistics.own import BREAKDOWNS

CONTRIBUTION: Final = Contribution(
    problems=(
        ProblemList(80, dashboard.paid_without_code),
        ProblemList(110, overdue.messages, again=True),
    ),
    parts=(
        Part(Slot.DOSSIER_ACTIONS, 20, "counter/dossiers/_cancel_action.html"),
        Part(Slot.DOSSIER_KEYS, 20, "counter/dossiers/_cancel_key.html"),
    ),
    left_behind=(leaving.drafts_left,),
    doors=Doors(
        namespaces=frozenset(
            {
                "counter_desk",
                "counter_dossiers",
                "counter_email",
                "counter_people",
                "counter_sign_in",
                "counter_staff",
            }
        ),
        leads_to={"pk": kinship_door.dossier_by_id},
        # Of the two pages one shows a dossier, the other asks.
        read_only=frozenset({"counter_dossiers:dossier", "counter_people:family"}),
    ),
    overview=OVERVIEW,
    breakdowns=BREAKDOWNS,
)
