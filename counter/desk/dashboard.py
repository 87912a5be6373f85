"""What the desk shows of an office's day: counts, and what needs somebody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from counter.enums import DossierState, Outcome, Role
from counter.journal.events import FAILED_SIGN_INS
from counter.models import Clerk, Dossier, JournalEntry, TurnedAway
from counter.sign_in.failed_sign_ins import still_to_come

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: A code that ends within this is about to lapse.
SOON: Final = timedelta(days=2)
#: For so long after its recording something may still happen to a dossier.
LIVELY: Final = timedelta(days=60)
_MOST_OF_A_KIND: Final = 20
_MAIL_REFUSED: Final = _("mail refused")
_MAIL_UNKNOWN: Final = _("mail unknown")


_CORRECT: Final = _("Correct the address")


@dataclass(frozen=True)
class Problem:
    """A dossier that waits for somebody at the counter, and why.

    `url` is where to go on with it, empty for the dossier's own page; `at` since when.
    What is about no dossier has a `name` and a `url` of its own.
    """

    dossier: Dossier | None
    label: "str | StrPromise"
    url: str = ""
    detail: str = ""
    at: datetime | None = None
    tone: str = "bad"
    #: Where it is put right, such as the address of a refused mail; and what that is.
    mend: str = ""
    mend_label: "str | StrPromise" = _CORRECT
    name: str = ""


class Problems(Protocol):
    def __call__(self, clerk: Clerk, *, at: datetime) -> Iterable[Problem]: ...


#: What other apps have for the desk; each is called with the clerk and the time.
also_shown: Final[list[Problems]] = []


def problems(clerk: Clerk, *, at: datetime) -> Iterator[Problem]:
    """The office's open problems, the most pressing kinds first; each dossier once."""
    seen = set()
    for problem in chain.from_iterable(more(clerk, at=at) for more in also_shown):
        if problem.dossier is not None:
            seen.add(problem.dossier.pk)
        yield problem
    dossiers = Dossier.objects.visible_to(clerk).select_related("applicant")
    codes = dossiers.filter(state=DossierState.CODE_ISSUED)
    kinds = (
        (
            codes.filter(
                codes__frozen_at__isnull=False, codes__state__in=("frozen", "held")
            ),
            _("the person did not ask for it"),
        ),
        (dossiers.with_refused_mail(), _MAIL_REFUSED),
        (dossiers.with_unknown_mail(), _MAIL_UNKNOWN),
        (dossiers.filter(state=DossierState.PAID), _("paid without a code")),
        (codes.filter(codes__state="locked"), _("code locked")),
        (
            codes.filter(
                codes__state="live",
                codes__valid_until__gt=at,
                codes__valid_until__lte=at + SOON,
            ),
            _("code about to lapse"),
        ),
    )
    for rows, label in kinds:
        for dossier in rows[:_MOST_OF_A_KIND]:
            if dossier.pk not in seen:
                seen.add(dossier.pk)
                mend = ""
                if label is _MAIL_REFUSED:
                    mend = reverse("activation_desk:correct_email", args=[dossier.pk])
                tone = "warn" if label is _MAIL_UNKNOWN else "bad"
                yield Problem(
                    dossier, label, at=dossier.code_issued_at, mend=mend, tone=tone
                )


def counts_since(midnight: datetime, *, clerk: Clerk) -> list[tuple["StrPromise", int]]:
    """How many of each today, in the clerk's office; three queries.

    What happens today happens to a dossier of the last weeks: its fee is taken soon,
    and a code lives for a fortnight. The index by time of recording finds those, and
    ten years of visits are not read.
    """
    since = Q(recorded_at__gte=midnight)
    recent = (
        Dossier.objects.visible_to(clerk).recorded_since(midnight - LIVELY).order_by()
    )
    dossiers = recent.aggregate(
        recorded=Count("pk", filter=since),
        issued=Count("pk", filter=Q(code_issued_at__gte=midnight)),
        activated=Count("pk", filter=Q(activated_at__gte=midnight)),
    )
    away = (
        TurnedAway.objects.visible_to(clerk)
        .filter(at__gte=midnight)
        .aggregate(
            redirected=Count("pk", filter=Q(outcome=Outcome.REDIRECTED)),
            refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
        )
    )
    mail = {"mail": recent.with_refused_mail(since=midnight).count()}
    labels = (
        ("recorded", _("recorded")),
        ("issued", _("codes issued")),
        ("activated", _("activated")),
        ("redirected", _("redirected to the free route")),
        ("refused", _("refused")),
        ("mail", _("mails refused")),
    )
    found = dict(chain(dossiers.items(), away.items(), mail.items()))
    return [(label, found[name]) for name, label in labels]


@dataclass(frozen=True)
class FailedSignIns:
    """How many of today a supervisor may see, and where they can be read.

    Among them those of this hour, `to_come`: the journal has them when it is over.
    """

    count: int
    to_come: int
    address: str


def failed_sign_ins(clerk: object, *, at: datetime) -> FailedSignIns | None:
    """Of the office, and under names that nobody has; None for whoever is none of its
    supervisors.
    """
    if not isinstance(clerk, Clerk) or clerk.role != Role.SUPERVISOR:
        return None
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    entries = JournalEntry.objects.visible_to(clerk).failed_sign_ins(midnight)
    to_come = still_to_come(clerk)
    query = urlencode(
        {"event__in": ",".join(FAILED_SIGN_INS), "at__gte": midnight.isoformat()}
    )
    journal = reverse("admin:counter_journalentry_changelist")
    return FailedSignIns(entries.how_often() + to_come, to_come, f"{journal}?{query}")
