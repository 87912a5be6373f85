"""Writing the journal and sealing it; counter.journal.verifying checks it.

An entry has an event, and exactly the details for which the event's sentence has a
placeholder. Any other detail is refused, so that no number, code or address gets in by
mistake. An entry is about a dossier, or about another row, its `subject`.

Each entry has a mark, and a seal stores the marks of the entries that it covers
(counter.journal.marks). Both use the first of `settings.SEAL_KEYS`; a seal stores the
id of its key. The keys themselves are only in the environment, not in the database.
"""

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Field, Model
from django.db.models.signals import post_save, pre_save

from counter.enums import ActorKind
from counter.journal import entry_details, marks
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, JournalSeal, Office
from counter.models.journal import subject_of
from counter.people import kinship

GENESIS = bytes(32)

#: The columns that the database sets itself, and that an insert returns.
_SET_BY_DATABASE: Final = ("id", "at")

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
    """Write one entry, in the transaction of the act, so that neither is saved alone.

    Takes the arguments of `compose` and raises the same.
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
    _insert(entry)
    return entry


@functools.cache
def _write_one() -> tuple[str, tuple["Field[Any, Any]", ...]]:
    """The statement with which `save` inserts an entry, and the fields whose values it
    takes. Django would build it anew for each entry.
    """
    every = JournalEntry._meta.concrete_fields
    fields = tuple(each for each in every if each.attname not in _SET_BY_DATABASE)
    name = connection.ops.quote_name
    table = name(JournalEntry._meta.db_table)
    columns = ", ".join(name(str(field.column)) for field in fields)
    places = ", ".join("%s" for _ in fields)
    returned = ", ".join(f"{table}.{name(column)}" for column in _SET_BY_DATABASE)
    return (
        f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {returned}",  # noqa: S608
        fields,
    )


def _insert(entry: JournalEntry) -> None:
    """Insert a new entry and set its number and time, as `entry.save` would."""
    if entry.clerk is not None and entry.clerk.pk is None:
        raise ValueError("An entry cannot name a clerk who is not saved.")
    text, fields = _write_one()
    values = [
        field.get_db_prep_save(getattr(entry, field.attname), connection)
        for field in fields
    ]
    using = connection.alias
    about = {"instance": entry, "raw": False, "using": using, "update_fields": None}
    pre_save.send(JournalEntry, **about)
    with transaction.mark_for_rollback_on_error(using), connection.cursor() as cursor:
        cursor.execute(text, values)
        entry.pk, entry.at = cursor.fetchone()
    entry._state.db, entry._state.adding = using, False
    post_save.send(JournalEntry, created=True, **about)


def write_all(entries: Iterable[JournalEntry]) -> None:
    """Write entries from `compose`, in their order and in one statement.

    It passes one array for each column. `bulk_create` would pass one parameter for each
    value, because of the binary column, and takes twice as long.
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
    """Make an entry with its mark, without saving it; `write_all` saves it.

    `subject` is the row that the entry is about when that is not a dossier. Then
    `office` is the office whose supervisors may read it; None means that it belongs to
    no office. Without a `subject`, `office` is by default the dossier's, or else the
    clerk's. Raises ValueError or TypeError for details that do not fit the event
    (counter.journal.entry_details), and what `kinship.check` does for a clerk's act on
    own people.
    """
    if dossier is not None and clerk is not None:
        kinship.check(event, dossier=dossier, clerk=clerk)
    kept = entry_details.stored_details(event, details or {})
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
    """Seal the entries written since the last seal; None when there are none.

    The table lock waits for transactions that are writing entries. So no entry whose
    number the seal already passed can be committed later. The lock is held until the
    seal is saved, which takes as long as reading the new entries.
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
    """A text that names the last seal, "" when there is none.

    It is to be kept where the owner of the database has no access. A journal that
    verifies and still has this head is complete up to it (`has_head`).
    """
    last = JournalSeal.objects.defer("marks").last()
    return last.head if last else ""


def has_head(text: str) -> bool:
    """Whether the journal still has the seal that this result of `head` names.

    Raises ValueError when the text is not such a result.
    """
    number, _, digest = text.strip().partition("-")
    wanted = bytes.fromhex(digest)
    if not number.isdecimal() or len(wanted) != hashlib.sha256().digest_size:
        raise ValueError(text)
    return JournalSeal.objects.filter(last_id=int(number), digest=wanted).exists()
