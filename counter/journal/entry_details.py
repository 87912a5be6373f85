"""What an entry keeps of each detail, and its words when somebody reads it.

An entry is sealed, so it keeps what never changes: the value of a choice and not its
label, the label of a model and not its name. The words are looked up when it is read,
in the reader's language. Text that people chose, such as a user name, is shown as it
was typed and never translated.

What is the same in every event, such as an amount, is in `_BY_NAME`. A higher app says
in its `apps.py` of which of its choices a detail is (`label`).
"""

import datetime
import functools
import string
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

from django.apps import apps
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counter.city_sign_on.refusals import Why
from counter.database.choices import Choices
from counter.enquiries.reasons import HandledReason
from counter.enums import (
    ActReason,
    CancelReason,
    CorrectedField,
    DoubtKind,
    RedirectReason,
    RefusalReason,
    RevealReason,
    SecretForm,
    StaffSecret,
)
from counter.identity.euros import euros
from counter.journal import change_words
from counter.journal.events import Event
from counter.retention import registry
from counter.retention.reasons import (
    ErasureReason,
    ExportReason,
    HoldReason,
    LiftReason,
)


class Detail(Protocol):
    """One kind of detail."""

    def kept(self, value: object) -> object:
        """As the entry keeps it.

        Raises ValueError or TypeError for what is no such detail.
        """

    def shown(self, kept: Any, entry: Mapping[str, Any]) -> str | int:  # noqa: ANN401 (JSON)
        """The reader's words; `entry` is the kept details of the same entry."""


@dataclass(frozen=True)
class Code:
    """One of `choices`, kept by its value. One that is none any more is shown so."""

    choices: type[Choices]

    def kept(self, value: object) -> object:
        return self.choices(str(value)).value

    def shown(self, kept: object, _entry: Mapping[str, Any]) -> str:
        return str(dict(self.choices.choices).get(str(kept), kept))


@dataclass(frozen=True)
class Text:
    """What people typed or named; `nothing` is shown where it is empty."""

    nothing: str | Promise = ""

    def kept(self, value: object) -> object:
        if not isinstance(value, str) or isinstance(value, Choices):
            raise TypeError(f"{value!r} is no text.")
        return value

    def shown(self, kept: str, _entry: Mapping[str, Any]) -> str:
        return kept or str(self.nothing)


class Number:
    def kept(self, value: object) -> object:
        if not isinstance(value, int):
            raise TypeError(f"{value!r} is no number.")
        return value

    def shown(self, kept: int, _entry: Mapping[str, Any]) -> int:
        return kept


class Amount:
    """Euros, kept as text: JSON has no exact decimals."""

    def kept(self, value: object) -> object:
        return str(Decimal(str(value)))

    def shown(self, kept: str, _entry: Mapping[str, Any]) -> str:
        return euros(Decimal(kept))


class Day:
    """A date, given and kept as ISO has it."""

    def kept(self, value: object) -> object:
        return datetime.date.fromisoformat(str(value)).isoformat()

    def shown(self, kept: str, _entry: Mapping[str, Any]) -> str:
        return date_format(datetime.date.fromisoformat(kept), "DATE_FORMAT")


class Models:
    """The rows of a model, kept by its label."""

    def kept(self, value: object) -> object:
        return apps.get_model(str(value))._meta.label_lower

    def shown(self, kept: str, _entry: Mapping[str, Any]) -> str:
        try:
            return str(apps.get_model(kept)._meta.verbose_name_plural)
        except LookupError:
            return kept


class RetentionRule:
    """One of the rules of counter.retention, kept by its code."""

    def kept(self, value: object) -> object:
        if registry.find(str(value)) is None:
            raise ValueError(f"{value!r} is no rule.")
        return str(value)

    def shown(self, kept: str, _entry: Mapping[str, Any]) -> str:
        known = registry.find(kept)
        return str(known.what) if known else kept


class Row:
    """Which row was changed (counter.journal.recorded_models)."""

    def kept(self, value: object) -> object:
        return value

    def shown(self, kept: Mapping[str, Any], _entry: Mapping[str, Any]) -> str:
        return change_words.row(kept)


class Changes:
    """What was changed in the row beside it (counter.journal.recorded_models)."""

    def kept(self, value: object) -> object:
        return value

    def shown(self, kept: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
        return change_words.changes(entry["what"]["model"], kept)


#: Of these names a detail is the same in every event.
_BY_NAME: Final[Mapping[str, Detail]] = {
    "account": Text(nothing=_("an unknown user name")),
    "amount": Amount(),
    "amount_before": Amount(),
    "attempts": Number(),
    "changes": Changes(),
    "colleague": Text(),
    "count": Number(),
    "date": Day(),
    "desk": Text(),
    "first": Day(),
    "form": Code(SecretForm),
    "hour": Text(),
    "last": Day(),
    "network": Text(nothing=_("other networks")),
    "nth": Number(),
    "number": Number(),
    "secret": Code(StaffSecret),
    "terminal": Text(),
    "who": Text(),
    "passkey": Text(),
}
_OF_EVENT: Final[dict[tuple[Event, str], Detail]] = {
    (Event.ACT_REASON, "reason"): Code(ActReason),
    (Event.CITY_REFUSED, "why"): Code(Why),
    (Event.CORRECTED, "what"): Code(CorrectedField),
    (Event.DATA_ERASED, "reason"): Code(ErasureReason),
    (Event.DATA_EXPORTED, "reason"): Code(ExportReason),
    (Event.DOSSIER_CANCELLED, "reason"): Code(CancelReason),
    (Event.ENQUIRY_HANDLED, "reason"): Code(HandledReason),
    (Event.HOLD_LIFTED, "reason"): Code(LiftReason),
    (Event.HOLD_SET, "reason"): Code(HoldReason),
    (Event.MISMATCH_ACCEPTED, "what"): Code(DoubtKind),
    (Event.NUMBER_REVEALED, "reason"): Code(RevealReason),
    (Event.NUMBER_SEARCHED, "reason"): Code(RevealReason),
    (Event.PEOPLE_LISTED, "what"): Models(),
    (Event.PERSON_REDIRECTED, "reason"): Code(RedirectReason),
    (Event.PERSON_REFUSED, "reason"): Code(RefusalReason),
    (Event.RETENTION_APPLIED, "rule"): RetentionRule(),
    (Event.RETENTION_FAILED, "rule"): RetentionRule(),
    (Event.ROW_ADDED, "what"): Row(),
    (Event.ROW_CHANGED, "what"): Row(),
    (Event.ROW_REMOVED, "what"): Row(),
}


def label(choices: type[Choices], name: str, *events: Event) -> None:
    """Show the detail `name` of these events by the labels of `choices`."""
    for event in events:
        _OF_EVENT[event, name] = Code(choices)


def find(event: Event, name: str) -> Detail | None:
    """What this detail is; None when no app has said so."""
    return _OF_EVENT.get((event, name)) or _BY_NAME.get(name)


@functools.cache
def names(event: Event) -> frozenset[str]:
    """The details that the event's sentence has places for, in every language."""
    sentence = str(event.label)
    places = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return frozenset(places) - {"actor", "subject"}


def kept(event: Event, given: Mapping[str, Any]) -> dict[str, object]:
    """The details as the entry keeps them.

    Raises ValueError when they are not exactly those of the sentence, and ValueError or
    TypeError when one is not of its kind.
    """
    if set(given) != names(event):
        raise ValueError(f"{event.value} has the details {sorted(names(event))}.")
    details: dict[str, object] = {}
    for name, value in given.items():
        detail = find(event, name)
        if detail is None:
            raise ValueError(f"No app says what {name} of {event.value} is.")
        details[name] = detail.kept(value)
    return details


def shown(event: Event, entry: Mapping[str, Any]) -> dict[str, str | int]:
    """Each kept detail in the reader's language."""
    words: dict[str, str | int] = {}
    for name, value in entry.items():
        detail = find(event, name)
        words[name] = detail.shown(value, entry) if detail else str(value)
    return words
