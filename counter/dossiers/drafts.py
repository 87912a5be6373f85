"""Drafts: recording forms that a clerk typed and did not save yet.

For eight hours nothing is lost by a closed tab, a lost session or a server that
restarts (DRAFT_LIVES). The content is encrypted, and only its own clerk can open it.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import UnsealError
from counter.database.built_once import SOME_TIME, Reader
from counter.dossiers.forms import RecordForm
from counter.models import Clerk, Dossier, Draft, TurnedAway
from counter.models.visits import DRAFT_LIVES
from counter.scans import scan_guard

#: The limit of a draft. A form with every field at its maximum takes a tenth of it.
MOST_CHARACTERS: Final = 20_000
#: How many other drafts the recording page offers to continue.
MOST_SHOWN: Final = 5
#: The fields that a draft keeps. Ticks about doubts are not kept: they are asked again.
_FIELDS: Final = tuple(name for name in RecordForm.base_fields if name != "submission")
#: A tick about the document in hand holds for the visit in which it was set. A draft is
#: opened up to eight hours later, so there it is asked again.
_ASKED_AGAIN: Final = "original_seen"
#: Fields that may have a value before anybody types: a form with only these is empty.
_PRESET: Final = frozenset({"document_type", "document_country", "language", "reason"})
# Without a condition for the form itself: it costs more than reading one row too many.
_NEWEST: Final = Reader(
    lambda clerk, since: (
        Draft.objects.visible_to(Clerk(pk=clerk))
        .kept(since + DRAFT_LIVES)
        .order_by("-saved_at")[: MOST_SHOWN + 1]
    ),
    {"clerk": -1, "since": SOME_TIME - DRAFT_LIVES},
    columns=("id", "submission", "saved_at"),
)


@sensitive_variables()
def save(*, clerk: Clerk, typed: Mapping[str, str], at: datetime) -> Draft | None:
    """Store what was typed into the form so far; returns None when nothing was stored.

    A form is not stored when it has no submission, is empty, is longer than
    MOST_CHARACTERS or contains a NUL character, or when its visit has ended (a request
    that its page sent late).
    """
    submission = submission_of(typed)
    content = written(typed)
    text = json.dumps(content, ensure_ascii=False)
    if (
        submission is None
        or not set(content) - _PRESET
        or len(text) > MOST_CHARACTERS
        or any("\0" in value for value in content.values())
    ):
        return None
    draft = Draft(pk=_id_of(submission, clerk), clerk=clerk, submission=submission)
    draft.content = text
    draft.saved_at = at
    # One page may send two requests at once: whichever is written last is kept.
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["content_sealed", "saved_at"],
    )
    # Looked up only after writing: ending a visit saves it first and then drops the
    # draft. So in a race at least one of the two sees the other and drops the draft.
    if _has_ended(submission):
        drop(clerk=clerk, submission=submission)
        return None
    return draft


@sensitive_variables()
def written(typed: Mapping[str, str]) -> dict[str, str]:
    """The fields that are filled in, without texts that must not be stored, such as a
    scan in the wrong field (counter.scans.scan_guard).
    """
    return {
        name: text
        for name in _FIELDS
        if (text := typed.get(name, ""))
        and not scan_guard.refusal(RecordForm.base_fields[name], text)
    }


@sensitive_variables()
def content(draft: Draft) -> Mapping[str, str]:
    """The draft's fields by name, without the tick that the document was seen; empty
    when the content cannot be decrypted.
    """
    try:
        fields: dict[str, str] = json.loads(draft.content)
    except UnsealError:
        return {}
    return {
        name: text
        for name, text in fields.items()
        if name in _FIELDS and name != _ASKED_AGAIN
    }


def others(form: RecordForm, *, at: datetime) -> list[Draft]:
    """The clerk's other drafts, the latest first."""
    own = str(form["submission"].value())
    kept = _NEWEST.read(clerk=form.clerk.pk, since=at - DRAFT_LIVES)
    return [each for each in kept if str(each.submission) != own][:MOST_SHOWN]


def saved_as(pk: uuid.UUID, *, clerk: Clerk, at: datetime) -> Dossier | None:
    """The dossier that was saved from this draft, for a clerk who goes "Back" to it."""
    theirs = Dossier.objects.visible_to(clerk).filter(recorded_by=clerk)
    recorded = theirs.recorded_since(at - DRAFT_LIVES).order_by("-recorded_at")
    for dossier in recorded.only("submission"):
        if _id_of(dossier.submission, clerk) == pk:
            return dossier
    return None


def drop(*, clerk: Clerk, submission: uuid.UUID) -> None:
    """Delete the draft, because the form was saved or is not wanted any more."""
    Draft.objects.visible_to(clerk).filter(submission=submission).delete()


def _has_ended(submission: uuid.UUID) -> bool:
    ended = (Dossier.objects, TurnedAway.objects)
    return any(rows.filter(submission=submission).exists() for rows in ended)


def _id_of(submission: uuid.UUID, clerk: Clerk) -> uuid.UUID:
    """The draft's primary key, computed from clerk and form. The encryption binds the
    content to this key.
    """
    return uuid.uuid5(submission, str(clerk.pk))


def submission_of(typed: Mapping[str, str]) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed.get("submission", ""))
    except ValueError:
        return None
