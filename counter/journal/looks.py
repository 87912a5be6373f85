"""Journal entries about who looked at which person, at the desk and in the admin.

A page about one person gives one entry in a quarter of an hour for each reader. A list
gives one entry, with the kind of list and the number of rows shown. The text searched
for is not stored, because it may be personal data. A list with only one person counts
as a page about that person.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Model

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, Enquiry, JournalEntry
from counter.models.journal import subject_of

#: The rows that are about a person.
type Person = Dossier | Applicant | Enquiry
PEOPLE = (Dossier, Applicant, Enquiry)
OPENING_COUNTS_FOR = timedelta(minutes=15)


def note_opening(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Write in the journal that the clerk opened a dossier.

    It must be possible to find out who looked at whom
    (docs/decisions/032-lists-are-one-entry.md). Nothing is written when the clerk has
    another entry about this dossier, such as its payment, in the last quarter of an
    hour.
    """
    recently = JournalEntry.objects.filter(
        dossier=dossier, clerk=clerk, at__gt=at - OPENING_COUNTS_FOR
    )
    if not recently.exists():
        journal.write(Event.DOSSIER_OPENED, dossier=dossier, clerk=clerk)


def note(person: Person, *, clerk: Clerk, at: datetime) -> None:
    """Write in the journal that the clerk opened a page about this person.

    The entry belongs to the clerk's office; for a clerk without one, to the person's.
    """
    if isinstance(person, Dossier):
        note_opening(dossier=person, clerk=clerk, at=at)
        return
    recently = JournalEntry.objects.filter(
        clerk=clerk,
        subject=subject_of(person),
        at__gt=at - OPENING_COUNTS_FOR,
    )
    if recently.exists():
        return
    office = clerk.office
    if office is None and isinstance(person, Enquiry):
        office = person.office
    elif office is None and isinstance(person, Applicant):
        last = person.dossiers.select_related("office").first()
        office = last.office if last else None
    journal.write(Event.PERSON_OPENED, subject=person, clerk=clerk, office=office)


def note_list(
    model: type[Model],
    *,
    count: int,
    people: Sequence[Person],
    clerk: Clerk,
    at: datetime,
) -> None:
    """Write in the journal that the clerk opened a list with `count` rows of `model`.

    `people` are the persons in it; the first two are enough, because it only matters
    whether there is exactly one.
    """
    if not count:
        return
    if len(people) == 1:
        note(people[0], clerk=clerk, at=at)
        return
    details = {"model": model._meta.label_lower, "count": count}
    journal.write(Event.PEOPLE_LISTED, details, clerk=clerk)
