"""One line in the desk's list of what needs attention."""

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
#: The desk shows at most this many lines.
MOST_SHOWN: Final = 20
#: Each kind is searched for one more, so that the desk can tell that there are more.
MOST_OF_A_KIND: Final = MOST_SHOWN + 1


@dataclass(frozen=True)
class Problem:
    """A dossier, or something else, that waits for a clerk; `label` says why.

    `url` is the page on which to continue, "" for the dossier's page. `at` is since
    when it waits. A problem without a dossier has a `name` and its own `url`.
    """

    dossier: "Dossier | None"
    label: "str | StrPromise"
    url: str = ""
    detail: str = ""
    at: datetime | None = None
    tone: str = "bad"
    #: The URL of a page that solves it, such as the one that corrects the address of a
    #: refused mail, and the words of that link.
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
    """One problem for each of these dossiers; it waits since its code was issued, or
    since it was paid when it has no code.

    `mend` is the URL name of the page that solves the problem.
    """
    for dossier in dossiers:
        where = reverse(mend, args=[dossier.pk]) if mend else ""
        since = dossier.code_issued_at or dossier.paid_at
        yield Problem(dossier, label, at=since, mend=where, tone=tone)
