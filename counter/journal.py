"""Writing the journal, sealing it, and checking the seals.

An entry is an event and the details its sentence has places for, nothing else:
a detail without a place is refused, so that no number, code or address slips in.
"""

import hashlib
import json
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import TextChoices
from django.utils.translation import override

from counter.enums import ActorKind, Event
from counter.models import Clerk, Dossier, JournalEntry, JournalSeal, Office

GENESIS = bytes(32)


def _places(event: Event) -> set[str]:
    """The names of the details the event's sentence has places for."""
    sentence = str(event.label)
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return names - {"actor"}


def _kept(value: str | int) -> str | int:
    """A choice is kept by its msgid, so that each reader has it in their language."""
    if isinstance(value, TextChoices):
        with override("en"):
            return str(value.label)
    return value


def write(
    event: Event,
    details: Mapping[str, str | int] | None = None,
    *,
    dossier: Dossier | None = None,
    clerk: Clerk | None = None,
    actor_kind: ActorKind | None = None,
    office: Office | None = None,
) -> JournalEntry:
    """Write one entry; in a transaction it stands or falls with what it tells of.

    Raises ValueError when the details are not exactly those of the sentence.
    """
    said = {name: _kept(value) for name, value in (details or {}).items()}
    if set(said) != _places(event):
        raise ValueError(f"{event.value} has the details {sorted(_places(event))}.")
    if actor_kind is None:
        actor_kind = ActorKind.CLERK if clerk else ActorKind.SYSTEM
    if office is None:
        office = dossier.office if dossier else clerk.office if clerk else None
    return JournalEntry.objects.create(
        event=event,
        actor_kind=actor_kind,
        clerk=clerk,
        office=office,
        dossier=dossier,
        details=said,
    )


def _digest(previous: bytes, entries: Iterable[JournalEntry]) -> tuple[bytes, int]:
    chain = hashlib.sha256(previous)
    count = 0
    for entry in entries:
        line = json.dumps(
            [
                entry.pk,
                entry.at.isoformat(),
                entry.event,
                entry.actor_kind,
                entry.clerk_id,
                entry.office_id,
                str(entry.dossier_id),
                entry.details,
            ],
            sort_keys=True,
        )
        chain.update(line.encode())
        count += 1
    return chain.digest(), count


@transaction.atomic
def seal() -> JournalSeal | None:
    """Seal every entry written since the last seal; None when there is none.

    The table lock waits for transactions that are writing entries, so no entry
    with a lower number can appear below a seal afterwards. It is held for the
    time of reading the new entries only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(
            f"LOCK TABLE {JournalEntry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE"
        )
    last = JournalSeal.objects.last()
    previous = bytes(last.digest) if last else GENESIS
    entries = list(JournalEntry.objects.filter(pk__gt=last.last_id if last else 0))
    if not entries:
        return None
    digest, count = _digest(previous, entries)
    return JournalSeal.objects.create(
        first_id=entries[0].pk,
        last_id=entries[-1].pk,
        entries=count,
        previous=previous,
        digest=digest,
    )


@dataclass(frozen=True)
class Broken:
    """A seal that no longer fits the entries under it."""

    first_id: int
    last_id: int
    why: str


def verify() -> list[Broken]:
    """Every seal whose entries were changed, removed or added to since."""
    broken: list[Broken] = []
    previous = GENESIS
    below: int | None = None
    for seal_ in JournalSeal.objects.all():
        entries = JournalEntry.objects.filter(pk__lte=seal_.last_id)
        if below is not None:  # else also what was slipped in below number 1
            entries = entries.filter(pk__gt=below)
        digest, count = _digest(bytes(seal_.previous), entries.iterator())
        if bytes(seal_.previous) != previous:
            broken.append(Broken(seal_.first_id, seal_.last_id, "chain"))
        elif count != seal_.entries:
            broken.append(Broken(seal_.first_id, seal_.last_id, "count"))
        elif digest != bytes(seal_.digest):
            broken.append(Broken(seal_.first_id, seal_.last_id, "content"))
        previous, below = bytes(seal_.digest), seal_.last_id
    return broken
