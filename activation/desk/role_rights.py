"""What each role may do with codes and keys in the admin (counter.roles).

At the desk they are part of working there.
"""

from typing import Final

from counter.roles.kinds import RoleRights, Rows, Section
from counter.roles.role_rights import READERS

#: The place of each among the lines of the dossiers.
_READ: Final = (
    (110, "activationcode"),
    (120, "digitalkey"),
    (130, "keyholder"),
    (140, "signinactivity"),
    (150, "holderchange"),
)

RIGHTS: Final = RoleRights(
    rows=tuple(
        Rows(
            order=order,
            section=Section.DOSSIERS,
            model=f"activation.{model}",
            view=READERS,
        )
        for order, model in _READ
    )
)
