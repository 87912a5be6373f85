"""Writing the journal and sealing it; counter.journal.verifying checks it.

An entry is an event and the details its sentence has places for, nothing else:
a detail without a place is refused, so that no number, code or address slips in.
What it is about is a dossier, or any other row as its `subject`.

Each entry has a mark, and a seal has the marks of the entries under it
(counter.journal.marks), under the first of `settings.SEAL_KEYS`; a seal keeps the id of
its key. The keys stand in the environment only, never in the database.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from counter.enums import ActorKind
from counter.journal import entry_details, marks
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, JournalSeal, Office
from counter.models.journal import subject_of
from counter.people import kinship

GENESIS = bytes(32)

_WRITE_ALL: Final = """
INSERT INTO counter_journalentry
    (event, actor_kind, clerk_id, office_id, dossier_id, subject, details, mark)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::uuid[], %s::text[],
    %s::jsonb[], %s::bytea[])
"""


def write(
    event: Event,
    details: Mapping[str, Any] | None = None,
    *,
    dossier: Dossier | None = None,
    subject: Model | None = None,
    clerk: Clerk | None = None,
    actor_kind: ActorKind | None = None,
    office: Office | None = None,
) -> JournalEntry:
    """Write one entry; in a transaction it stands or falls with what it tells of.

    Takes and raises what `compose` does.
    """
    entry = compose(
        event,
        details,
        dossier=dossier,
        subject=subject,
        clerk=clerk,
        actor_kind=actor_kind,
        office=office,
    )
    entry.save(force_insert=True)
    return entry


def write_all(entries: Iterable[JournalEntry]) -> None:
    """Write entries that were composed, in their order and in one statement.

    An array for each column: `bulk_create` has a parameter for each value, because of
    the binary column, and costs twice as much.
    """
    rows = [
        (
            str(entry.event),
            str(entry.actor_kind),
            entry.clerk_id,
            entry.office_id,
            entry.dossier_id,
            entry.subject,
            json.dumps(entry.details),
            entry.mark,
        )
        for entry in entries
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE_ALL, [list(column) for column in zip(*rows, strict=True)]
            )


def compose(
    event: Event,
    details: Mapping[str, Any] | None = None,
    *,
    dossier: Dossier | None = None,
    subject: Model | None = None,
    clerk: Clerk | None = None,
    actor_kind: ActorKind | None = None,
    office: Office | None = None,
) -> JournalEntry:
    """An entry with its mark, to be written by `write_all` and nowhere else.

    `subject` is the row it is about when that is no dossier; then `office` is whose
    supervisors read it, and None is every office's. Otherwise it is by itself the
    dossier's, or the clerk's.
    Raises ValueError when the details are not exactly those of the sentence
    (counter.journal.entry_details), and what `kinship.check` does when a clerk's act is
    on own people.
    """
    if dossier is not None and clerk is not None:
        kinship.check(event, dossier=dossier, clerk=clerk)
    kept = entry_details.kept(event, details or {})
    if actor_kind is None:
        actor_kind = ActorKind.CLERK if clerk else ActorKind.SYSTEM
    office_id = office.pk if office else None
    if office is None and subject is None:
        whose = dossier or clerk
        office_id = whose.office_id if whose else None
    entry = JournalEntry(
        event=event,
        actor_kind=actor_kind,
        clerk=clerk,
        office_id=office_id,
        dossier=dossier,
        subject=subject_of(subject) if subject else "",
        details=kept,
    )
    entry.mark = marks.written(entry)
    return entry


@transaction.atomic
def seal() -> JournalSeal | None:
    """Seal every entry written since the last seal; None when there is none.

    The table lock waits for transactions that are writing entries, so no entry
    with a lower number can appear below a seal afterwards. It is held for the
    time of reading the new entries only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("SELECT lock_journal()")
    last = JournalSeal.objects.defer("marks").last()
    previous = bytes(last.digest) if last else GENESIS
    entries = list(JournalEntry.objects.filter(pk__gt=last.last_id if last else 0))
    if not entries:
        return None
    kid = next(iter(settings.SEAL_KEYS))
    listed = marks.listed(kid, entries, previous)
    return JournalSeal.objects.create(
        first_id=entries[0].pk,
        last_id=entries[-1].pk,
        entries=len(entries),
        previous=previous,
        marks=listed,
        digest=marks.digest(kid, previous, listed),
        key_id=kid,
    )


def head() -> str:
    """The last seal, to be kept where the database's owner does not come; "" at first.

    A journal that verifies and has this head is whole up to it (`has_head`).
    """
    last = JournalSeal.objects.defer("marks").last()
    return last.head if last else ""


def has_head(text: str) -> bool:
    """Whether the journal still has the seal that `head` named.

    Raises ValueError when the text is no head.
    """
    number, _, digest = text.strip().partition("-")
    wanted = bytes.fromhex(digest)
    if not number.isdecimal() or len(wanted) != hashlib.sha256().digest_size:
        raise ValueError(text)
    return JournalSeal.objects.filter(last_id=int(number), digest=wanted).exists()
