"""Collects all data that are kept of a person (counter.rights.writing makes the file).

The export is in the person's language. It says for how long everything is kept, and
when somebody looked at it. Names of staff are left out; they are in the journal, and
the office tells them to a person who asks.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override as in_language
from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import UnsealError
from counter.database.privileges import HouseConfig
from counter.enquiries import whose
from counter.enums import ActorKind, ActReason
from counter.identity.euros import euros
from counter.journal import entry_details, journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, DossierCorrection, JournalEntry
from counter.models.journal import subject_of
from counter.people import kinship
from counter.retention import periods, registry
from counter.retention.reasons import ExportReason
from counter.rights.sections import LeftOut, Section, sealed_attributes

#: Events that are listed as "looked at": a dossier, a person or a number.
LOOKS: Final = (
    Event.DOSSIER_OPENED,
    Event.PERSON_OPENED,
    Event.NUMBER_LOOKED_UP,
    Event.NUMBER_SEARCHED,
    Event.NUMBER_REVEALED,
    Event.DATA_EXPORTED,
)
_NOTHING: Final = "-"
#: Entries that would reveal an investigation. Holds that the person may know of are in
#: a section of their own (counter.rights.own_sections).
_NOT_TOLD: Final = Q(event__in=(Event.HOLD_SET, Event.HOLD_LIFTED)) | Q(
    event=Event.ACT_REASON, details__reason__in=(ActReason.ABUSE, ActReason.ORDER)
)


@dataclass(frozen=True)
class Value:
    """One field of a row: the stored value and the text for a reader."""

    name: str
    label: str
    raw: Any
    text: str
    is_damaged: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.is_damaged and (self.raw is None or self.raw == "")


@dataclass(frozen=True)
class Part:
    title: str
    model: str
    rows: list[list[Value]]


@dataclass(frozen=True)
class Act:
    """One entry of the journal about the person."""

    at: datetime.datetime
    event: str
    sentence: str


@dataclass(frozen=True)
class Export:
    """The whole export, in one language."""

    person: Applicant
    language: str
    made_at: datetime.datetime
    parts: list[Part]
    looks: list[Act]
    acts: list[Act]
    left_out: list[str]
    periods: list[tuple[str, str, str]]
    stays: list[tuple[str, str, str]]


@cache
def sections() -> tuple[Section, ...]:
    """The sections of all apps, sorted by `order`.

    Raises ImproperlyConfigured when two have the same.
    """
    houses = (app for app in apps.get_app_configs() if isinstance(app, HouseConfig))
    brought = (section for app in houses for section in app.kept_of_a_person())
    placed = tuple(sorted(brought, key=lambda section: section.order))
    if len({section.order for section in placed}) < len(placed):
        raise ImproperlyConfigured("Two sections of an export have the same place.")
    return placed


def language_of(person: Applicant) -> str:
    """The language of the last visit, because none is stored with the person."""
    last = person.dossiers.order_by("-recorded_at").first()
    return str(last.language) if last else str(settings.LANGUAGE_CODE)


@sensitive_variables()
@transaction.atomic
def export(
    *,
    person: Applicant,
    clerk: Clerk,
    reason: ExportReason,
    language: str,
    at: datetime.datetime,
) -> Export:
    """Collect the data of the person and write a journal entry.

    Raises what `kinship.check` does when the person is the clerk or family of the
    clerk.
    """
    for dossier in person.dossiers.all():
        kinship.check(Event.DATA_EXPORTED, dossier=dossier, clerk=clerk)
    journal.write(
        Event.DATA_EXPORTED,
        {"reason": reason.value},
        subject=person,
        clerk=clerk,
        office=clerk.office,
    )
    with in_language(language):
        entries = list(_entries(person))
        return Export(
            person=person,
            language=language,
            made_at=at,
            parts=[_part(section, person) for section in sections()],
            looks=[act for entry, act in entries if entry.event in LOOKS],
            acts=[act for entry, act in entries if entry.event not in LOOKS],
            left_out=_left_out(),
            periods=_periods(person),
            stays=_stays(),
        )


@sensitive_variables()
def _part(section: Section, person: Applicant) -> Part:
    sealed = sealed_attributes(section.model_class)
    fields = section.shown_fields
    rows = section.rows(person)
    joined = [each.name for each in fields if isinstance(each, models.ForeignKey)]
    if joined:
        rows = rows.select_related(*joined)
    records = list(rows)
    if section.hide:
        for row in records:
            section.hide(person, row)
    values = [
        [_value(section, row, each, sealed.get(each.name)) for each in fields]
        for row in records
    ]
    return Part(str(section.title), section.model, values)


@sensitive_variables()
def _value(section: Section, row: models.Model, each: Any, opened: str | None) -> Value:  # noqa: ANN401 (any field)
    name, label = opened or each.name, section.label(each)
    try:
        raw = getattr(row, opened or each.attname)
    except UnsealError:
        damaged = _("kept, but damaged: nobody can read this any more")
        return Value(name, label, raw=None, text=damaged, is_damaged=True)
    return Value(name, label, raw=raw, text=_shown(row, each, raw))


@sensitive_variables()
def _shown(row: models.Model, each: Any, raw: object) -> str:  # noqa: ANN401 (any field)
    """The value as text for a reader."""
    if isinstance(row, DossierCorrection) and each.name == "changes":
        return "; ".join(
            f"{one.label}: {one.old} → {one.new}" for one in row.changes_in_words
        )
    if isinstance(each, models.ForeignKey):
        return str(getattr(row, each.name) or _NOTHING)
    if each.choices and raw:
        return str(dict(each.flatchoices).get(raw, raw))
    return _in_words(raw)


def _in_words(raw: object) -> str:
    match raw:
        case None | "":
            return _NOTHING
        case bool():
            return _("yes") if raw else _("no")
        case datetime.datetime():
            return date_format(timezone.localtime(raw), "SHORT_DATETIME_FORMAT")
        case datetime.date():
            return date_format(raw, "DATE_FORMAT")
        case Decimal():
            # Every decimal number in the sections is an amount of money.
            return euros(raw)
        case _:
            return str(raw)


def _entries(person: Applicant) -> Iterator[tuple[JournalEntry, Act]]:
    written = whose.of_people([person.pk])
    subjects = [subject_of(person), *(subject_of(enquiry) for enquiry in written)]
    about = Q(dossier__applicant=person) | Q(subject__in=subjects)
    entries = JournalEntry.objects.filter(about).exclude(_NOT_TOLD)
    for entry in entries.order_by("at", "id"):
        yield entry, Act(entry.at, entry.event, _sentence(entry))


def _sentence(entry: JournalEntry) -> str:
    """The entry's sentence, without names of staff; only the event of a forged one."""
    try:
        return _in_a_sentence(entry)
    except entry_details.FORGED:
        return entry.event


def _in_a_sentence(entry: JournalEntry) -> str:
    event = Event(entry.event)
    words = entry_details.details_in_words(event, entry.details)
    words |= {name: _("a colleague") for name in ("who", "colleague") if name in words}
    if entry.actor_kind == ActorKind.APPLICANT:
        actor = entry.actor
    else:
        actor = _("A member of staff") if entry.clerk_id else entry.actor
    subject = ""
    if entry.subject:
        is_self = entry.subject.startswith("counter.applicant:")
        subject = _("your record") if is_self else _("your message")
    return str(event.label).format(actor=actor, subject=subject, **words)


def _left_out() -> list[str]:
    """The reasons why something is left out, each once."""
    reasons = [reason for section in sections() for reason in section.left_out.values()]
    reasons.append(LeftOut.LAW)
    return list(dict.fromkeys(str(reason.value) for reason in reasons))


def _periods(person: Applicant) -> list[tuple[str, str, str]]:
    """For each rule: which data, for how long, and since which event it counts.

    The periods are those of the office of the last visit.
    """
    last: Dossier | None = person.dossiers.order_by("-recorded_at").first()
    words = periods.all_words(last.office if last else None)
    return [
        (str(rule.data), words[rule.code], str(rule.event))
        for rule in registry.rules()
        if rule.is_about_people
    ]


def _stays() -> list[tuple[str, str, str]]:
    """What no rule removes: which data, how long at least, on which legal ground."""
    return [
        (str(line.data), line.period, str(line.ground))
        for line in registry.kept_of_the_public()
        if line.period
    ]
