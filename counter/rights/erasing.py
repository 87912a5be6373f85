"""Erasing what the law lets go when a person asks, and saying why the rest stays.

What may go is each rule at its shortest period (counter.retention): an office that
keeps something for longer does so for its own convenience. What that leaves has a
reason, which the supervisor reads to the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, LegalHold
from counter.people import kinship
from counter.retention import registry, running
from counter.retention.reasons import ErasureReason
from counter.retention.registry import Rule

#: Beyond every period and every key: then a rule names all that it will ever remove.
_EVER: Final = timedelta(days=200 * 365)


@dataclass(frozen=True)
class Verdict:
    """What erasing does by one rule: how many rows go now, and why the others stay."""

    rule: Rule
    goes: int
    stays: int
    why: str


def _of(rule: Rule, person: Applicant, rows: QuerySet[Any]) -> QuerySet[Any]:
    theirs = Q()
    for lookup in rule.to_person:
        theirs |= Q(**{lookup: person.pk})
    return rows.filter(theirs)


def _rules() -> Iterator[Rule]:
    return (rule for rule in registry.rules() if rule.to_person)


def verdicts(person: Applicant, *, at: datetime) -> list[Verdict]:
    """Rule by rule; those that have nothing of the person are left out."""
    by_rule = []
    for rule in _rules():
        all_of_it = _of(rule, person, _all_of_it(rule, at)).count()
        goes = _of(rule, person, _due(rule, at)).count()
        if all_of_it:
            stays = all_of_it - goes
            why = _why(rule, person, at) if stays else ""
            by_rule.append(Verdict(rule, goes, stays, why))
    return by_rule


def _all_of_it(rule: Rule, at: datetime) -> QuerySet[Any]:
    """What the rule will ever remove; of what follows others at once, every row."""
    if not rule.shortest:
        return running.model_of(rule)._default_manager.all()
    return rule.past(at + _EVER)


def _due(rule: Rule, at: datetime) -> QuerySet[Any]:
    return running.due(rule, None, at, after=rule.shortest)


def _why(rule: Rule, person: Applicant, at: datetime) -> str:
    """The reason why rows stay, as a sentence the supervisor can read to the person."""
    dossiers = Dossier.objects.filter(applicant=person)
    held = LegalHold.objects.in_force(at).filter(dossier__in=dossiers).first()
    if held is not None:
        sentence = _("A legal hold stands until %(date)s: %(reason)s.")
        reason = held.get_reason_display()
        return sentence % {"date": date_format(held.until), "reason": reason}
    if rule.unneeded:
        for need in registry.needs():
            if dossiers.filter(pk__in=need.dossiers(at)).exists():
                sentence = _("It is still needed: %(why)s.")
                return sentence % {"why": need.why}
    if not rule.shortest:
        return _("It goes with the last dossier.")
    sentence = _(
        "Kept for at least %(period)s, counted from: %(event)s. Ground: %(ground)s."
    )
    return sentence % {
        "period": registry.in_words(rule.shortest),
        "event": rule.event,
        "ground": rule.ground,
    }


def erase(
    *, person: Applicant, clerk: Clerk, reason: ErasureReason, at: datetime
) -> int:
    """Remove what may go; returns how many rows were dealt with.

    Each rule is a transaction with its proof, as at night, so a second click finds
    nothing left. Raises what `kinship.check` raises, before anything is removed.
    """
    with transaction.atomic():
        for dossier in person.dossiers.all():
            kinship.check(Event.DATA_ERASED, dossier=dossier, clerk=clerk)
        journal.write(
            Event.DATA_ERASED,
            {"reason": reason.value},
            subject=person,
            clerk=clerk,
            office=clerk.office,
        )
    return sum(_erase(rule, person, at=at) for rule in _rules())


def _erase(rule: Rule, person: Applicant, *, at: datetime) -> int:
    dealt = 0
    while keys := _keys(rule, person, at):
        done = running.apply(rule, None, at=at, after=rule.shortest, only=keys)
        if not done:
            break  # somebody has it in hand; the night takes it
        dealt += done
    return dealt


def _keys(rule: Rule, person: Applicant, at: datetime) -> list[UUID]:
    rows = _of(rule, person, _due(rule, at)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[: running.BATCH])
