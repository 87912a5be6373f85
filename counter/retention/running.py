"""The night's run: what each rule removes, and what tonight's run would.

A batch is one transaction with its proof (`DestructionRecord`), its entry in the
journal and its rows, so a run that is killed has removed exactly what it says. Two
machines take turns at one rule: an advisory lock of the database lasts as long as the
batch. Rows are chosen, locked where the application may lock them, and looked at again
under the lock, so that a hold or a visit of the same instant is seen
(docs/concurrency.md#what-runs-at-night). A row that somebody has in hand is left for
the next run.
"""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import QuerySet

from counter.database.privileges import verbs_of
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Applicant,
    DestructionRecord,
    Dossier,
    LegalHold,
    Office,
)
from counter.retention import periods, registry
from counter.retention.registry import Act, Rule

BATCH: Final = 200
#: References that a preview names for each line.
SHOWN: Final = 20


def model_of(rule: Rule) -> type[models.Model]:
    return apps.get_model(rule.model)


def due(
    rule: Rule,
    office: Office | None,
    at: datetime,
    *,
    after: timedelta | None = None,
) -> QuerySet[Any]:
    """The rows whose time is over, without what a hold or a need keeps.

    `after` another period than the one in force.
    """
    until = at - after if after is not None else periods.last_kept(rule, office, at)
    rows = rule.past(until)
    if office is not None:
        rows = rows.filter(**{rule.office: office.pk})
    return _free(rule, rows, at)


def _free(rule: Rule, rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    held = LegalHold.objects.in_force(at).order_by()
    people = held.values("dossier__applicant")
    # A hold is one dossier's and its person's, and so their other dossiers' too.
    theirs = Dossier.objects.filter(applicant__in=people).order_by().values("pk")
    for lookup in rule.dossiers:
        rows = rows.exclude(**{f"{lookup}__in": theirs})
    for lookup in rule.people:
        rows = rows.exclude(**{f"{lookup}__in": people})
    if rule.unneeded:
        for need in registry.needs():
            rows = rows.exclude(pk__in=need.dossiers(at))
    return rows


def run(
    *, at: datetime, seconds: float, hourly: bool = False, batch: int = BATCH
) -> int:
    """Apply every rule, batch by batch; returns how many rows were dealt with.

    `hourly` those only that cannot wait for the night. No new batch begins once so many
    seconds have gone; the next run goes on from there.
    """
    until = time.monotonic() + seconds
    dealt = 0
    for rule in registry.rules():
        if hourly and not rule.hourly:
            continue
        for office in periods.offices_of(rule):
            while time.monotonic() < until:
                done = apply(rule, office, at=at, batch=batch)
                dealt += done
                if not done:
                    break
    return dealt


@transaction.atomic
def apply(
    rule: Rule,
    office: Office | None,
    *,
    at: datetime,
    batch: int = BATCH,
    after: timedelta | None = None,
    only: Iterable[uuid.UUID] | None = None,
) -> int:
    """One batch of a rule: its rows, its proof and its journal, or nothing at all.

    `only` these rows, as the person asked for (counter.rights.erasing), `after`
    the shortest period then.
    """
    _take_turn(rule)
    wanted = due(rule, office, at, after=after)
    if only is not None:
        wanted = wanted.filter(pk__in=list(only))
    keys = list(wanted.order_by("pk").values_list("pk", flat=True)[:batch])
    keys = _locked(rule, keys)
    keys = list(wanted.filter(pk__in=keys).values_list("pk", flat=True))
    if not keys:
        return 0
    rows = model_of(rule)._default_manager.filter(pk__in=keys)
    notes = _noted(rule, keys)
    done = _deal_with(rule, rows, at)
    DestructionRecord.objects.create(
        rule=rule.code,
        office=office,
        days=(periods.period(rule, office) if after is None else after).days,
        rows=done,
        at_request=only is not None,
    )
    details = {"rule": rule.code, "count": done}
    journal.write(Event.RETENTION_APPLIED, details, office=office)
    for event, note in notes:
        journal.write(event, **note)
    return done


def _take_turn(rule: Rule) -> None:
    """One batch of a rule at a time, on whichever machine; until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"retention {rule.code}"],
        )


def _locked(rule: Rule, keys: list[Any]) -> list[Any]:
    """Those of the rows that nobody has in hand, locked where we may lock them."""
    model = model_of(rule)
    if "UPDATE" not in verbs_of(model._meta.app_config, model):
        return keys
    rows = model._default_manager.filter(pk__in=keys).order_by("pk")
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    return list(locked.values_list("pk", flat=True))


def _deal_with(rule: Rule, rows: QuerySet[Any], at: datetime) -> int:
    """Returns how many of these, without what hangs on them and goes along."""
    if rule.remove:
        return rule.remove(rows, at)
    if rule.empties:
        return rows.update(**rule.empties)
    _all, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


def _noted(rule: Rule, keys: list[Any]) -> list[tuple[Event, dict[str, Any]]]:
    """What the journal says row by row: of the dossiers and people that are gone."""
    if rule.act is not Act.ANONYMISED:
        return []
    if model_of(rule) is Dossier:
        dossiers = Dossier.objects.filter(pk__in=keys).select_related("office")
        return [(Event.DOSSIER_ANONYMISED, {"dossier": one}) for one in dossiers]
    people = Applicant.objects.filter(pk__in=keys)
    return [(Event.PERSON_ANONYMISED, {"subject": one}) for one in people]


@dataclass(frozen=True)
class Preview:
    """What tonight's run does under one rule in one office.

    `references` are the first of the rows, as staff call them: nothing about anybody.
    """

    rule: Rule
    office: Office | None
    period: str
    count: int
    references: list[str]


def preview(*, at: datetime, offices: Iterable[Office]) -> list[Preview]:
    """For these offices and for what belongs to the whole house.

    People go when their last dossier has gone, so those of tonight's own dossiers are
    not counted yet.
    """
    mine = {office.pk for office in offices}
    lines = []
    for rule in registry.rules():
        for office in periods.offices_of(rule):
            if office is not None and office.pk not in mine:
                continue
            rows = due(rule, office, at)
            first = rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]
            period = registry.in_words(periods.period(rule, office))
            references = [str(key)[:8].upper() for key in first]
            lines.append(Preview(rule, office, period, rows.count(), references))
    return lines
