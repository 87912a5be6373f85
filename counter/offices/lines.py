"""The lines about an office under every page for the public."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counter.models import Office


@dataclass(frozen=True)
class OfficeLines:
    """What components/office_help.html shows of an office, as it is now.

    A part of a page that is kept is given these values and not the office: a change of
    the office changes them, so the part is drawn again (counter.web.kept).
    """

    name: str
    address: str
    postal_code: str
    city: str
    phone: str
    email: str
    help_phone: str
    help_name: str


_LINES: Final = tuple(line.name for line in fields(OfficeLines))
#: All that such a page reads of an office: these lines, and its word in addresses.
SHOWN: Final = (*_LINES, "slug")


def lines_of(office: "Office") -> OfficeLines:
    return OfficeLines(*(getattr(office, name) for name in _LINES))
