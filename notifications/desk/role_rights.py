"""What each role may do with messages that were sent (counter.roles)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.roles.kinds import Act, RoleRights, Rows, Section
from counter.roles.role_rights import READERS, SUPERVISOR

DECIDE_MAILS_OF_NO_VISIT: Final = Act(
    order=120,
    section=Section.MESSAGES,
    model="notifications.delivery",
    name="decide_mails_of_no_visit",
    label=_("Decide about mails of which nobody knows whether they arrived"),
    roles=SUPERVISOR,
)

RIGHTS: Final = RoleRights(
    acts=(DECIDE_MAILS_OF_NO_VISIT,),
    rows=(
        Rows(
            order=110,
            section=Section.MESSAGES,
            model="notifications.delivery",
            view=READERS,
        ),
    ),
)
