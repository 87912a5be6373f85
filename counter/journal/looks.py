"""Who looked at whom in the admin, in the journal, as the desk writes it.

A page about one person is written once in a quarter of an hour for each supervisor. A
list is one entry: which list and how many rows of it were shown. What was searched for
is not kept: it may be a name, typed into the wrong field. A list that came down to one
person is looking at that person.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Model

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, Enquiry, JournalEntry
from counter.models.journal import subject_of

#: What a row can lead to: somebody's dossier, somebody known, or somebody's message.
type Person = Dossier | Applicant | Enquiry
PEOPLE = (Dossier, Applicant, Enquiry)
OPENING_COUNTS_FOR = timedelta(minutes=15)


def note_opening(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Write in the journal that somebody looked at a person's dossier.

    Who looked at whom has to be found again
    (docs/decisions/032-lists-are-one-entry.md). Once in a quarter of an hour for each
    clerk; recording it or taking its payment counts as looking.
    """
    recently = JournalEntry.objects.filter(
        dossier=dossier, clerk=clerk, at__gt=at - OPENING_COUNTS_FOR
    )
    if not recently.exists():
        journal.write(Event.DOSSIER_OPENED, dossier=dossier, clerk=clerk)


def note(person: Person, *, clerk: Clerk, at: datetime) -> None:
    """Somebody opened a page about this person.

    In the office of whoever looks; for a superuser above the offices in the person's.
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
    shown: int,
    people: Sequence[Person],
    clerk: Clerk,
    at: datetime,
) -> None:
    """Somebody opened a list of this model with so many rows, about these people.

    `people` may stop at the second: what counts is whether it is one only.
    """
    if not shown:
        return
    if len(people) == 1:
        note(people[0], clerk=clerk, at=at)
        return
    details = {"what": model._meta.label_lower, "count": shown}
    journal.write(Event.PEOPLE_LISTED, details, clerk=clerk)
