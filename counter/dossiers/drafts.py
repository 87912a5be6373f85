"""Drafts: what a clerk typed and did not save yet.

A closed tab, a lost session or a restarting server loses nothing for eight hours
(counter.models.visits). The content is sealed, and only its own clerk can open it.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import QueryDict
from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import UnsealError
from counter.dossiers.forms import RecordForm
from counter.models import Clerk, Dossier, Draft, TurnedAway
from counter.models.visits import DRAFT_LIVES
from counter.scans import scan_guard

#: A form whose every field is as long as it may be takes a tenth of this.
MOST_CHARACTERS: Final = 20_000
#: So many are offered to go on with.
MOST_SHOWN: Final = 5
#: What is typed or chosen; ticks about doubts are asked again.
_FIELDS: Final = tuple(name for name in RecordForm.base_fields if name != "submission")
#: Set before anybody typed, so a form with these alone is empty.
_PRESET: Final = frozenset({"document_type", "document_country", "language", "reason"})


@sensitive_variables()
def save(*, clerk: Clerk, typed: QueryDict, at: datetime) -> Draft | None:
    """Keep the form as far as it is typed; None when there is nothing to keep.

    Nothing is kept of a form without its submission, of an empty one, of one whose
    visit has ended (a late message of its page), or beyond MOST_CHARACTERS.
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
    # Two messages of one page at once: the later one's text stays, whichever it is.
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["content_sealed", "saved_at"],
    )
    # Looked at after writing: who ends a visit drops its draft afterwards, so of the
    # two one sees the other.
    if _has_ended(submission):
        drop(clerk=clerk, submission=submission)
        return None
    return draft


@sensitive_variables()
def written(typed: QueryDict) -> dict[str, str]:
    """The fields that have something in them, without what they must not get."""
    return {
        name: text
        for name in _FIELDS
        if (text := typed.get(name, ""))
        and not scan_guard.refusal(RecordForm.base_fields[name], text)
    }


@sensitive_variables()
def content(draft: Draft) -> Mapping[str, str]:
    """The fields by name; empty when the seal does not open."""
    try:
        fields: dict[str, str] = json.loads(draft.content)
    except UnsealError:
        return {}
    return {name: text for name, text in fields.items() if name in _FIELDS}


def others(form: RecordForm, *, at: datetime) -> list[Draft]:
    """The clerk's other drafts, the latest first."""
    kept = Draft.objects.visible_to(form.clerk).kept(at)
    return list(kept.exclude(submission=form["submission"].value())[:MOST_SHOWN])


def saved_as(pk: uuid.UUID, *, clerk: Clerk, at: datetime) -> Dossier | None:
    """The dossier that was made of this draft, for a clerk who goes "Back" to it."""
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
    """The draft's id, made of clerk and form: the content is sealed for this id."""
    return uuid.uuid5(submission, str(clerk.pk))


def submission_of(typed: QueryDict) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed.get("submission", ""))
    except ValueError:
        return None
