"""Which roles may see codes, keys and accounts in the admin (counter.roles).

For working with them at the desk no other right is needed than to work there.
"""

from typing import Final

from counter.roles.kinds import RoleRights, Rows, Section
from counter.roles.role_rights import READERS

#: The models that can be read, each with its place in the section of the dossiers.
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
