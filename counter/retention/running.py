"""The nightly run of the retention rules.

Each batch is one transaction: the removed rows, the proof (`DestructionRecord`) and the
journal entry. So the proof is exact even when a run is killed. An advisory lock for
each rule makes two machines take turns; during a batch no legal hold can be set. The
run selects rows, locks them if the application may, and checks them again under the
lock, so that a concurrent change by a clerk is noticed
(docs/concurrency.md#what-runs-at-night). Rows that another transaction has locked are
left for the next run.

A rule that fails is recorded, and the other rules still run. A row that cannot be
handled is skipped and reported, and the other rows are still removed.
"""

import time
import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from counter.database.batches import BATCH, Batches
from counter.database.privileges import verbs_of
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Applicant,
    DestructionRecord,
    Dossier,
    JournalEntry,
    LegalHold,
    Office,
)
from counter.retention import holds, periods, registry
from counter.retention.registry import Act, Rule

log = structlog.get_logger("sleutelloket.housekeeping")


class RetentionFailedError(Exception):
    """The rules named in the message failed; the others were applied."""


def model_of(rule: Rule) -> type[models.Model]:
    return apps.get_model(rule.model)


def due(
    rule: Rule,
    office: Office | None,
    at: datetime,
    *,
    after: timedelta | None = None,
    person: uuid.UUID | None = None,
) -> QuerySet[Any]:
    """The rows whose period is over, without those that a hold or a need keeps.

    `after` replaces the period in force. `person` makes the query begin with this
    person's rows, which is faster; the caller must still filter, because rows of others
    may be among the result.
    """
    until = at - after if after is not None else periods.last_kept(rule, office, at)
    rows = past(rule, until, person)
    if office is not None:
        rows = rows.filter(**{rule.office: office.pk})
    return _free(rule, rows, at)


def past(rule: Rule, until: datetime, person: uuid.UUID | None) -> QuerySet[Any]:
    """The rule's `past`, or its `past_of` for one person when there is one."""
    if person is not None and rule.past_of:
        return rule.past_of(until, [person])
    return rule.past(until)


def _free(rule: Rule, rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    legal_holds = LegalHold.objects.in_force(at).order_by()
    people = legal_holds.values("dossier__applicant")
    # A hold protects a dossier and its person, so also the person's other dossiers.
    theirs = Dossier.objects.filter(applicant__in=people).order_by()
    for lookup in rule.dossiers:
        rows = _without(rows, lookup, theirs)
    for lookup in rule.people:
        whose = legal_holds.filter(dossier__applicant=OuterRef(lookup))
        rows = rows.filter(~Exists(whose))
    if rule.of_people:
        keys = list(people.values_list("dossier__applicant", flat=True))
        rows = rows.exclude(pk__in=rule.of_people(keys).order_by().values("pk"))
    if rule.unneeded:
        for need in registry.needs():
            needed = Dossier.objects.filter(pk__in=need.dossiers(at)).order_by()
            rows = _without(rows, "pk", needed)
    return rows


def _without(
    rows: QuerySet[Any], lookup: str, dossiers: QuerySet[Dossier]
) -> QuerySet[Any]:
    """Exclude by NOT EXISTS, which PostgreSQL runs as a join. With NOT IN it would read
    the whole table instead of looking up a few rows by their keys.
    """
    return rows.filter(~Exists(dossiers.filter(pk=OuterRef(lookup))))


def run(
    *, at: datetime, seconds: float, hourly: bool = False, batch: int = BATCH
) -> int:
    """Apply all rules, batch by batch; returns how many rows were handled.

    With `hourly`, only the hourly rules are applied. After `seconds` no new batch
    begins; the next run continues. Raises RetentionFailedError at the end when a rule
    failed.
    """
    until = time.monotonic() + seconds
    holds.end_those_that_are_over(LegalHold.objects.all(), at=at)
    dealt = 0
    failed = []
    for rule in registry.rules():
        if hourly and not rule.hourly:
            continue
        for office in periods.offices_of(rule):
            batches = Batches(
                partial(apply, rule, office, at=at),
                partial(due, rule, office, at),
                name=rule.code,
                until=until,
                size=batch,
            )
            try:
                for done in batches:
                    dealt += done
                batches.raise_for_the_bad()
            except Exception as error:  # noqa: BLE001 (whatever it is, others go on)
                _note_failure(rule, office, error)
                failed.append(rule.code)
    if failed:
        raise RetentionFailedError(", ".join(failed))
    return dealt


def _note_failure(rule: Rule, office: Office | None, error: Exception) -> None:
    """Record the failure in the journal, for the page of the rules, and in the log.

    The message of the error is left out, because it may contain personal data.
    """
    log.error("retention_failed", rule=rule.code, error=type(error).__name__)
    journal.write(Event.RETENTION_FAILED, {"rule": rule.code}, office=office)


@transaction.atomic
def apply(  # noqa: PLR0913 (which of the rows that are due)
    rule: Rule,
    office: Office | None,
    *,
    at: datetime,
    batch: int = BATCH,
    after: timedelta | None = None,
    only: Iterable[Any] | None = None,
    without: Collection[Any] = (),
    person: uuid.UUID | None = None,
) -> int:
    """Apply a rule to one batch, in one transaction; returns how many rows it handled.

    `only` and `without` limit the rows by primary key. For a `person` who asked for
    erasure (counter.rights.erasing), `after` is the shortest period.
    """
    _take_turn(rule)
    holds.keep_holds_out()
    wanted = due(rule, office, at, after=after, person=person)
    if only is not None:
        wanted = wanted.filter(pk__in=list(only))
    if without:
        wanted = wanted.exclude(pk__in=without)
    keys = _chosen(rule, wanted, batch)
    if not keys:
        return 0
    rows = model_of(rule)._default_manager.filter(pk__in=keys)
    notes = list(_noted(rule, keys))
    done = _deal_with(rule, rows, at)
    DestructionRecord.objects.create(
        rule=rule.code,
        office=office,
        days=(periods.period(rule, office) if after is None else after).days,
        rows=done,
        at_request=person is not None,
    )
    details = {"rule": rule.code, "count": done}
    journal.write(Event.RETENTION_APPLIED, details, office=office)
    journal.write_all(notes)
    return done


def _chosen(rule: Rule, wanted: QuerySet[Any], batch: int) -> list[Any]:
    # Without an order, so that the index of due rows can be used as it is.
    keys = list(wanted.order_by().values_list("pk", flat=True)[:batch])
    keys = _locked(rule, keys)
    return list(wanted.filter(pk__in=keys).values_list("pk", flat=True))


def _take_turn(rule: Rule) -> None:
    """Wait until no other process runs a batch of this rule; lock until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"retention {rule.code}"],
        )


def _locked(rule: Rule, keys: list[Any]) -> list[Any]:
    """The keys of the rows that no other transaction has locked, which are now locked.

    Tables that the application may not update cannot be locked: then all `keys`.
    """
    model = model_of(rule)
    if "UPDATE" not in verbs_of(model._meta.app_config, model):
        return keys
    if model is Dossier:
        # First lock the rows that all other code locks before a dossier.
        busy = registry.in_hand(keys)
        keys = [key for key in keys if key not in busy]
    rows = model._default_manager.filter(pk__in=keys).order_by("pk")
    locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(locked.values_list("pk", flat=True))


def _deal_with(rule: Rule, rows: QuerySet[Any], at: datetime) -> int:
    """Do the act of the rule; returns how many rows, without cascaded deletes."""
    if rule.remove:
        return rule.remove(rows, at)
    if rule.empties:
        return rows.update(**rule.empties)
    _all, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


def _noted(rule: Rule, keys: list[Any]) -> Iterator[JournalEntry]:
    """One journal entry for each dossier or applicant that is to be anonymised."""
    if rule.act is not Act.ANONYMISED:
        return
    if model_of(rule) is Dossier:
        for dossier in Dossier.objects.filter(pk__in=keys):
            yield journal.compose(Event.DOSSIER_ANONYMISED, dossier=dossier)
        return
    for person in Applicant.objects.filter(pk__in=keys):
        yield journal.compose(Event.PERSON_ANONYMISED, subject=person)
