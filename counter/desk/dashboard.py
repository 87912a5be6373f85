"""What the desk shows of an office's day: figures, and problems to be solved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from counter.desk import registry
from counter.desk.problem import MOST_OF_A_KIND, Problem, of_dossiers
from counter.enums import DossierState, Outcome
from counter.journal.kinds import Kind
from counter.models import Clerk, Dossier, JournalEntry, TurnedAway
from counter.offices import midnight
from counter.roles import matrix
from counter.sign_in.failed_sign_ins import still_to_come

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def problems(clerk: Clerk, *, at: datetime) -> Iterator[Problem]:
    """The office's open problems, the most pressing kinds first."""
    seen = set()
    for listed in registry.problem_lists():
        for problem in listed.find(clerk, at):
            if problem.dossier is not None:
                if problem.dossier.pk in seen and not listed.again:
                    continue
                seen.add(problem.dossier.pk)
            yield problem


def paid_without_code(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    rows = Dossier.objects.visible_to(clerk).select_related("applicant")
    paid = rows.filter(state=DossierState.PAID)[:MOST_OF_A_KIND]
    return of_dossiers(paid, _("paid without a code"))


def counts_since(
    began: datetime, *, clerk: Clerk
) -> "list[tuple[str | StrPromise, int]]":
    """The day's figures of the clerk's office, as pairs of label and number.

    Makes two queries, and one for each figure of another app. Each figure is counted by
    its own indexed timestamp, because a dossier that was recorded long ago may still
    get its code today.
    """
    visible = Dossier.objects.visible_to(clerk).order_by()
    since = {
        "recorded": Q(recorded_at__gte=began),
        "issued": Q(code_issued_at__gte=began),
        "activated": Q(activated_at__gte=began),
    }
    touched = visible.filter(reduce(or_, since.values()))
    dossiers = touched.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in since.items()}
    )
    away = (
        TurnedAway.objects.visible_to(clerk)
        .filter(at__gte=began)
        .aggregate(
            redirected=Count("pk", filter=Q(outcome=Outcome.REDIRECTED)),
            refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
        )
    )
    labels = (
        ("recorded", _("recorded")),
        ("issued", _("codes issued")),
        ("activated", _("activated")),
        ("redirected", _("redirected to the free route")),
        ("refused", _("refused")),
    )
    counts = dossiers | away
    counted: list[tuple[str | StrPromise, int]]
    counted = [(label, counts[name]) for name, label in labels]
    for more in registry.day_counts():
        counted.append((more.label, more.count(visible, began)))
    return counted


@dataclass(frozen=True)
class FailedSignIns:
    """How many sign-ins failed today, of those that this reader may see.

    `to_come` is how many of `count` failed in the current hour: they get into the
    journal when the hour is over. `address` is the URL of the filtered journal.
    """

    count: int
    to_come: int
    address: str


def failed_sign_ins(clerk: object, *, at: datetime) -> FailedSignIns | None:
    """Today's failed sign-ins for accounts of the office and for unknown user names.

    None when `clerk` may not read the journal.
    """
    if not isinstance(clerk, Clerk) or not matrix.may_rows(clerk, "view", JournalEntry):
        return None
    began = midnight.before(at)
    entries = JournalEntry.objects.visible_to(clerk).failed_sign_ins(began)
    to_come = still_to_come(clerk, since=began)
    query = urlencode(
        {"kind": Kind.FAILED_SIGN_INS.value, "day": began.date().isoformat()}
    )
    journal = reverse("admin:counter_journalentry_changelist")
    return FailedSignIns(entries.how_often() + to_come, to_come, f"{journal}?{query}")
