"""What the desk shows of an office's day: counts, and what needs somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from counter.enums import DossierState, Outcome
from counter.models import Clerk, Dossier, TurnedAway

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: A code that ends within this is about to lapse.
SOON: Final = timedelta(days=2)
#: For so long after its recording something may still happen to a dossier.
LIVELY: Final = timedelta(days=60)
_MOST_OF_A_KIND: Final = 20


@dataclass(frozen=True)
class Problem:
    """A dossier that waits for somebody at the counter, and why."""

    dossier: Dossier
    label: "StrPromise"


def problems(clerk: Clerk, *, at: datetime) -> Iterator[Problem]:
    """The office's open problems, the most pressing kinds first; each dossier once."""
    dossiers = Dossier.objects.visible_to(clerk).select_related("applicant")
    codes = dossiers.filter(state=DossierState.CODE_ISSUED)
    kinds = (
        (
            codes.filter(codes__state="frozen"),
            _("the person did not ask for it"),
        ),
        (dossiers.with_refused_mail(), _("mail refused")),
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
    seen = set()
    for rows, label in kinds:
        for dossier in rows[:_MOST_OF_A_KIND]:
            if dossier.pk not in seen:
                seen.add(dossier.pk)
                yield Problem(dossier, label)


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
    mail = recent.filter(deliveries__refused_at__gte=midnight).aggregate(
        mail=Count("deliveries")
    )
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
