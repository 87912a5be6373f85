"""Erases the data of a person who asks for it, as far as the law allows.

Each retention rule is applied with its shortest period (counter.retention), because an
office that chose a longer one did so for its own convenience. For everything that is
kept there is a reason, which the supervisor can read to the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counter.database.batches import BATCH
from counter.enums import OPEN_STATES, DossierState
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, LegalHold
from counter.people import kinship
from counter.retention import holds, registry, running
from counter.retention.reasons import ErasureReason
from counter.retention.registry import Act, Rule

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    type Words = str | StrPromise

#: Longer than any period and any key: with it a rule returns all rows that it will ever
#: remove.
_EVER: Final = timedelta(days=200 * 365)


@dataclass(frozen=True)
class Verdict:
    """What erasure would do under one rule: how many rows go, and why others stay.

    `closes` is how many dossiers would be closed: their periods begin then.
    """

    data: "Words"
    goes: int = 0
    closes: int = 0
    stays: int = 0
    why: "Words" = ""


#: Why an open dossier is kept, by its state.
_OPEN: "Final[dict[str, Words]]" = {
    DossierState.RECORDED: gettext_lazy(
        "The visit is not over: it is paid, or closed at the desk. Then its periods "
        "begin to count."
    ),
    DossierState.PAID: gettext_lazy(
        "The visit is not over: it was paid, and the code or the money is still to "
        "come. Then its periods begin to count."
    ),
    DossierState.CODE_ISSUED: gettext_lazy(
        "The visit is not over: the code can still be used. Its periods begin to count "
        "when it was used, or after its two weeks."
    ),
}


def _rules() -> Iterator[Rule]:
    return (rule for rule in registry.rules() if rule.is_about_people)


def verdicts(person: Applicant, *, at: datetime) -> list[Verdict]:
    """The verdicts for open dossiers and for each rule that has rows of this person."""
    by_rule = [*_of_open_dossiers(person)]
    for rule in _rules():
        theirs = _keys_of(rule, person)
        there = _all_of_it(rule, person, at).filter(pk__in=theirs).count()
        if not there:
            continue
        due = _due(rule, person, at).filter(pk__in=theirs).count()
        stays = there - due
        is_closed = rule.act is Act.CLOSED
        verdict = Verdict(
            rule.data,
            goes=0 if is_closed else due,
            closes=due if is_closed else 0,
            stays=stays,
            why=_why(rule, person, theirs, at) if stays else "",
        )
        by_rule.append(verdict)
    return by_rule


def _of_open_dossiers(person: Applicant) -> Iterator[Verdict]:
    open_ones = person.dossiers.filter(state__in=OPEN_STATES)
    for state in open_ones.values_list("state", flat=True):
        data = gettext_lazy("open visit: name, birth date, document, address")
        yield Verdict(data, stays=1, why=_OPEN[state])


def _keys_of(rule: Rule, person: Applicant) -> list[Any]:
    """The keys of all rows of the rule's model that belong to this person.

    They are looked up first, so that later queries only read these few rows.
    """
    return list(rule.rows_of([person.pk]).values_list("pk", flat=True))


def _all_of_it(rule: Rule, person: Applicant, at: datetime) -> QuerySet[Any]:
    """All rows that the rule will ever remove. A rule with the period 0 depends on
    other rules, so for it all rows of the model.
    """
    if not rule.shortest:
        return running.model_of(rule)._default_manager.all()
    return running.past(rule, at + _EVER, person.pk)


def _due(rule: Rule, person: Applicant, at: datetime) -> QuerySet[Any]:
    return running.due(rule, None, at, after=rule.shortest, person=person.pk)


def _why(rule: Rule, person: Applicant, theirs: list[Any], at: datetime) -> str:
    """A sentence why rows are kept, which the supervisor can read to the person.

    It never mentions a legal hold, because an investigation must stay secret. When only
    a hold keeps the rows, the sentence is the same for every reason of a hold.
    """
    if not rule.shortest:
        return _("It goes with the last dossier.")
    over = running.past(rule, at - rule.shortest, person.pk)
    if not over.filter(pk__in=theirs).exists():
        sentence = _(
            "Kept for at least %(period)s, counted from: %(event)s. Ground: %(ground)s."
        )
        return sentence % {
            "period": registry.in_words(rule.shortest),
            "event": rule.event,
            "ground": rule.ground,
        }
    dossiers = person.dossiers.all()
    if rule.unneeded:
        for need in registry.needs():
            if dossiers.filter(pk__in=need.dossiers(at)).exists():
                sentence = _("It is still needed: %(why)s.")
                return sentence % {"why": need.why}
    return _(
        "The law lets us keep this for the time being (GDPR, article 17.3). Ask again "
        "later, or complain to the Data Protection Authority."
    )


def erase(
    *, person: Applicant, clerk: Clerk, reason: ErasureReason, at: datetime
) -> int:
    """Erase what may be erased; returns how many rows were removed or emptied.

    Unpaid dossiers are closed and not counted: they keep their personal data until
    their own period is over.

    Each rule runs in its own transactions with their proof, as at night; a second click
    finds nothing more to erase. Raises what `kinship.check` does, before anything is
    removed.
    """
    with transaction.atomic():
        theirs = LegalHold.objects.filter(dossier__applicant=person)
        holds.end_those_that_are_over(theirs, at=at)
        for dossier in person.dossiers.all():
            kinship.check(Event.DATA_ERASED, dossier=dossier, clerk=clerk)
        journal.write(
            Event.DATA_ERASED,
            {"reason": reason.value},
            subject=person,
            clerk=clerk,
            office=clerk.office,
        )
    removed = 0
    for rule in _rules():
        done = _erase(rule, person, at=at)
        removed += 0 if rule.act is Act.CLOSED else done
    return removed


def _erase(rule: Rule, person: Applicant, *, at: datetime) -> int:
    dealt = 0
    while keys := _keys(rule, person, at):
        done = running.apply(
            rule, None, at=at, after=rule.shortest, only=keys, person=person.pk
        )
        if not done:
            break  # another transaction has locked the rows; the nightly run gets them
        dealt += done
    return dealt


def _keys(rule: Rule, person: Applicant, at: datetime) -> list[UUID]:
    theirs = _keys_of(rule, person)
    rows = _due(rule, person, at).filter(pk__in=theirs).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])
