"""Writing the journal, sealing it, and checking the seals.

An entry is an event and the details its sentence has places for, nothing else:
a detail without a place is refused, so that no number, code or address slips in.
What it is about is a dossier, or any other row as its `subject`.

Seals are HMAC-SHA256 under the first of `settings.SEAL_KEYS`; each keeps the id of its
key. The keys stand in the environment only, never in the database.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from counter.enums import ActorKind
from counter.journal import entry_details
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, JournalSeal, Office
from counter.models.journal import subject_of
from counter.people import kinship

GENESIS = bytes(32)


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
    if office is None and subject is None:
        office = dossier.office if dossier else clerk.office if clerk else None
    return JournalEntry.objects.create(
        event=event,
        actor_kind=actor_kind,
        clerk=clerk,
        office=office,
        dossier=dossier,
        subject=subject_of(subject) if subject else "",
        details=kept,
    )


def _digest(
    kid: str, previous: bytes, entries: Iterable[JournalEntry]
) -> tuple[bytes, int]:
    chain = hmac.new(settings.SEAL_KEYS[kid], previous, hashlib.sha256)
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
                entry.subject,
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
        cursor.execute("SELECT lock_journal()")
    last = JournalSeal.objects.last()
    previous = bytes(last.digest) if last else GENESIS
    entries = list(JournalEntry.objects.filter(pk__gt=last.last_id if last else 0))
    if not entries:
        return None
    kid = next(iter(settings.SEAL_KEYS))
    digest, count = _digest(kid, previous, entries)
    return JournalSeal.objects.create(
        first_id=entries[0].pk,
        last_id=entries[-1].pk,
        entries=count,
        previous=previous,
        digest=digest,
        key_id=kid,
    )


@dataclass(frozen=True)
class Broken:
    """A seal that no longer fits the entries under it."""

    first_id: int
    last_id: int
    why: str


def verify() -> list[Broken]:
    """Every seal whose entries were changed, removed or added to since.

    `why` is "chain", "count", "content", or "key" where its key is in no ring.
    """
    broken: list[Broken] = []
    previous = GENESIS
    below: int | None = None
    for seal_ in JournalSeal.objects.all():
        entries = JournalEntry.objects.filter(pk__lte=seal_.last_id)
        if below is not None:  # else also what was slipped in below number 1
            entries = entries.filter(pk__gt=below)
        if why := _why_broken(seal_, previous, entries.iterator()):
            broken.append(Broken(seal_.first_id, seal_.last_id, why))
        previous, below = bytes(seal_.digest), seal_.last_id
    return broken


def _why_broken(
    seal_: JournalSeal, previous: bytes, entries: Iterable[JournalEntry]
) -> str:
    if seal_.key_id not in settings.SEAL_KEYS:
        return "key"
    if bytes(seal_.previous) != previous:
        return "chain"
    digest, count = _digest(seal_.key_id, previous, entries)
    if count != seal_.entries:
        return "count"
    return "" if hmac.compare_digest(digest, bytes(seal_.digest)) else "content"


def head() -> str:
    """The last seal, to be kept where the database's owner does not come; "" at first.

    A journal that verifies and has this head is whole up to it (`has_head`).
    """
    last = JournalSeal.objects.last()
    return last.head if last else ""


def has_head(text: str) -> bool:
    """Whether a seal of the journal is the one that `head` once gave.

    Raises ValueError when the text is no head.
    """
    number, _, digest = text.strip().partition("-")
    wanted = bytes.fromhex(digest)
    if not number.isdecimal() or len(wanted) != hashlib.sha256().digest_size:
        raise ValueError(text)
    return JournalSeal.objects.filter(last_id=int(number), digest=wanted).exists()
