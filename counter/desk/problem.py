"""One line of what needs attention on the desk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from counter.models import Dossier

CORRECT_ADDRESS: Final = _("Correct the address")
#: At most so many lines stand on the desk.
MOST_SHOWN: Final = 20
#: One more of each kind is looked for, so that the desk knows that there are more.
MOST_OF_A_KIND: Final = MOST_SHOWN + 1


@dataclass(frozen=True)
class Problem:
    """A dossier that waits for somebody at the counter, and why.

    `url` is where to go on with it, empty for the dossier's own page; `at` since when.
    What is about no dossier has a `name` and a `url` of its own.
    """

    dossier: "Dossier | None"
    label: "str | StrPromise"
    url: str = ""
    detail: str = ""
    at: datetime | None = None
    tone: str = "bad"
    #: Where it is put right, such as the address of a refused mail; and what that is.
    mend: str = ""
    mend_label: "str | StrPromise" = CORRECT_ADDRESS
    name: str = ""


def of_dossiers(
    dossiers: "Iterable[Dossier]",
    label: "str | StrPromise",
    *,
    tone: str = "bad",
    mend: str = "",
) -> Iterator[Problem]:
    """A line for each of these dossiers, since its code was issued.

    `mend` is the name of the page that puts it right.
    """
    for dossier in dossiers:
        where = reverse(mend, args=[dossier.pk]) if mend else ""
        yield Problem(dossier, label, at=dossier.code_issued_at, mend=where, tone=tone)
