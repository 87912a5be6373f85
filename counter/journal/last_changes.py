"""Tells somebody who had a form open what others changed in its rows, and who did."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from counter.journal import change_words, entry_details
from counter.journal.events import Event
from counter.journal.recorded_models import kept_value
from counter.models import Clerk, JournalEntry
from counter.models.journal import subject_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    type Reader = AbstractBaseUser | AnonymousUser

_CHANGES = (Event.ROW_ADDED, Event.ROW_CHANGED)
#: How many of a row's newest entries are searched for the change of a field.
_REACH = 50


def of_fields(
    row: models.Model, names: Iterable[str], *, reader: "Reader", is_named: bool = False
) -> list[str]:
    """A sentence for each field: its value now, and who changed it.

    Secrets have no value, and the person is named only when the reader may see that
    journal entry. `is_named` adds the name of the row.
    """
    names = list(names)
    entries = _about(subject_of(row), reader, _CHANGES) if names else []
    sentences = []
    for name in names:
        entry = next((e for e in entries if _kept(e, name) is not None), None)
        if entry and not _is_of_now(entry, row, name):
            entry = None
        change = _what(row, name, entry)
        sentences.append(_by(f"{_row(row)}: {change}" if is_named else change, entry))
    return sentences


def _is_of_now(entry: JournalEntry, row: models.Model, name: str) -> bool:
    """Whether the field still has the value to which this entry changed it."""
    kept = _kept(entry, name) or {}
    return "new" not in kept or kept["new"] == kept_value(row, name)


def _kept(entry: JournalEntry, name: str) -> dict[str, Any] | None:
    """What the entry has of the change of this field; None when it has nothing, or was
    forged in the database.
    """
    try:
        kept = entry.details["changes"][name]
    except entry_details.FORGED:
        return None
    return kept if isinstance(kept, dict) else None


def _what(row: models.Model, name: str, entry: JournalEntry | None) -> str:
    words = {"field": change_words.label(type(row), name)}
    kept = (_kept(entry, name) if entry else None) or {}
    if "new" not in kept:
        return _("%(field)s was changed") % words
    words["value"] = change_words.value(type(row), name, kept["new"])
    return _("%(field)s is now %(value)s") % words


def of_new(row: models.Model, *, reader: "Reader") -> str:
    """A sentence that the row was added, and by whom."""
    entries = _about(subject_of(row), reader, (Event.ROW_ADDED,))
    return _by(_("%(row)s was added") % {"row": _row(row)}, next(iter(entries), None))


def of_gone(
    model: type[models.Model], keys: Iterable[str], *, reader: "Reader"
) -> list[str]:
    """A sentence for each of these rows that it was removed, and by whom."""
    sentences = []
    for key in sorted(keys):
        subject = f"{model._meta.label_lower}:{key}"
        entry = next(iter(_about(subject, reader, (Event.ROW_REMOVED,))), None)
        row = _removed(entry) or str(model._meta.verbose_name)
        sentences.append(_by(_("%(row)s was removed") % {"row": row}, entry))
    return sentences


def _removed(entry: JournalEntry | None) -> str:
    """The row by the entry about its removal; "" without one, or with a forged one."""
    try:
        return change_words.row(entry.details["row"]) if entry else ""
    except entry_details.FORGED:
        return ""


def _row(row: models.Model) -> str:
    return f"{row._meta.verbose_name} “{row}”"


def _by(sentence: str, entry: JournalEntry | None) -> str:
    text = capfirst(sentence)
    return f"{text} ({entry.actor})." if entry else f"{text}."


def _about(
    subject: str, reader: "Reader", events: tuple[Any, ...]
) -> list[JournalEntry]:
    """The entries about this subject that the reader may see, the newest first."""
    if not isinstance(reader, Clerk):
        return []
    entries = JournalEntry.objects.visible_to(reader).filter(
        subject=subject, event__in=events
    )
    return list(entries.select_related("clerk").order_by("-pk")[:_REACH])
