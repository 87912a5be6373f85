"""How an entry stores each of its details, and how they are shown to a reader.

An entry is sealed and never changed, so it stores codes that stay the same: the value
of a choice and not its label, the label of a model and not its translated name. The
words are looked up in the reader's language when the entry is read. Texts that people
chose, such as a name, are shown as they were and never translated.

`_BY_NAME` has the details that mean the same in every event, such as an amount. A
higher app calls `label` in its `apps.py` for details that are one of its own choices.
"""

import datetime
import functools
import string
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
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

#: What putting an entry into words can raise when somebody forged it in the database:
#: the event, and the shape of its details, are then anything.
FORGED: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class Detail(Protocol):
    """A kind of detail: how its values are stored and shown."""

    def to_stored(self, value: object) -> object:
        """The value as stored in the entry.

        Raises ValueError or TypeError for a value that is not of this kind.
        """

    def to_text(self, stored: Any, entry: Mapping[str, Any]) -> str | int:  # noqa: ANN401 (JSON)
        """The text for the reader; `entry` has all stored details of the entry."""


@dataclass(frozen=True)
class Code:
    """One of `choices`, stored by its value. A value that no longer exists is shown as
    stored.
    """

    choices: type[Choices]

    def to_stored(self, value: object) -> object:
        return self.choices(str(value)).value

    def to_text(self, stored: object, _entry: Mapping[str, Any]) -> str:
        return str(dict(self.choices.choices).get(str(stored), stored))


@dataclass(frozen=True)
class Text:
    """A text that people typed; `nothing` is shown when it is empty."""

    nothing: str | Promise = ""

    def to_stored(self, value: object) -> object:
        if not isinstance(value, str) or isinstance(value, Choices):
            raise TypeError(f"{value!r} is no text.")
        return value

    def to_text(self, stored: str, _entry: Mapping[str, Any]) -> str:
        return stored or str(self.nothing)


class Colleague:
    """One of the staff, stored by the name that the entry's `actor` also has."""

    def to_stored(self, value: object) -> object:
        if not isinstance(value, AbstractBaseUser):
            raise TypeError(f"{value!r} is none of the staff.")
        return str(value)

    def to_text(self, stored: str, _entry: Mapping[str, Any]) -> str:
        return stored


class Number:
    def to_stored(self, value: object) -> object:
        if not isinstance(value, int):
            raise TypeError(f"{value!r} is no number.")
        return value

    def to_text(self, stored: int, _entry: Mapping[str, Any]) -> int:
        return stored


class Amount:
    """An amount in euros, stored as text because JSON has no exact decimals."""

    def to_stored(self, value: object) -> object:
        return str(Decimal(str(value)))

    def to_text(self, stored: str, _entry: Mapping[str, Any]) -> str:
        return euros(Decimal(stored))


class Day:
    """A date, given and stored in ISO format."""

    def to_stored(self, value: object) -> object:
        return datetime.date.fromisoformat(str(value)).isoformat()

    def to_text(self, stored: str, _entry: Mapping[str, Any]) -> str:
        return date_format(datetime.date.fromisoformat(stored), "DATE_FORMAT")


class Models:
    """A model, stored by its label and shown by its plural name."""

    def to_stored(self, value: object) -> object:
        return apps.get_model(str(value))._meta.label_lower

    def to_text(self, stored: str, _entry: Mapping[str, Any]) -> str:
        try:
            return str(apps.get_model(stored)._meta.verbose_name_plural)
        except LookupError:
            return stored


class RetentionRule:
    """One of the rules of counter.retention, stored by its code."""

    def to_stored(self, value: object) -> object:
        if registry.find(str(value)) is None:
            raise ValueError(f"{value!r} is no rule.")
        return str(value)

    def to_text(self, stored: str, _entry: Mapping[str, Any]) -> str:
        known = registry.find(stored)
        return str(known.data) if known else stored


class Row:
    """The row that was changed (counter.journal.recorded_models)."""

    def to_stored(self, value: object) -> object:
        return value

    def to_text(self, stored: Mapping[str, Any], _entry: Mapping[str, Any]) -> str:
        return change_words.row(stored)


class Changes:
    """The changes of the row in the detail `row` (counter.journal.recorded_models)."""

    def to_stored(self, value: object) -> object:
        return value

    def to_text(self, stored: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
        return change_words.changes(entry["row"]["model"], stored)


#: Details that have the same kind in every event.
_BY_NAME: Final[Mapping[str, Detail]] = {
    "account": Text(nothing=_("an unknown user name")),
    "amount": Amount(),
    "amount_before": Amount(),
    "attempts": Number(),
    "changes": Changes(),
    "colleague": Colleague(),
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
    "receipt": Text(),
    "secret": Code(StaffSecret),
    "terminal": Text(),
    "who": Colleague(),
    "passkey": Text(),
}
_OF_EVENT: Final[dict[tuple[Event, str], Detail]] = {
    (Event.ACT_REASON, "reason"): Code(ActReason),
    (Event.CITY_REFUSED, "why"): Code(Why),
    (Event.CORRECTED, "field"): Code(CorrectedField),
    (Event.DATA_ERASED, "reason"): Code(ErasureReason),
    (Event.DATA_EXPORTED, "reason"): Code(ExportReason),
    (Event.DOSSIER_CANCELLED, "reason"): Code(CancelReason),
    (Event.ENQUIRY_HANDLED, "reason"): Code(HandledReason),
    (Event.HOLD_LIFTED, "reason"): Code(LiftReason),
    (Event.HOLD_SET, "reason"): Code(HoldReason),
    (Event.MISMATCH_ACCEPTED, "doubt"): Code(DoubtKind),
    (Event.NUMBER_REVEALED, "reason"): Code(RevealReason),
    (Event.NUMBER_SEARCHED, "reason"): Code(RevealReason),
    (Event.PEOPLE_LISTED, "model"): Models(),
    (Event.PERSON_REDIRECTED, "reason"): Code(RedirectReason),
    (Event.PERSON_REFUSED, "reason"): Code(RefusalReason),
    (Event.RETENTION_APPLIED, "rule"): RetentionRule(),
    (Event.RETENTION_FAILED, "rule"): RetentionRule(),
    (Event.ROW_ADDED, "row"): Row(),
    (Event.ROW_CHANGED, "row"): Row(),
    (Event.ROW_REMOVED, "row"): Row(),
}


def label(choices: type[Choices], name: str, *events: Event) -> None:
    """Register that the detail `name` of these events is one of `choices`."""
    for event in events:
        _OF_EVENT[event, name] = Code(choices)


def find(event: Event, name: str) -> Detail | None:
    """The kind of this detail; None when no app has registered it."""
    return _OF_EVENT.get((event, name)) or _BY_NAME.get(name)


@functools.cache
def names(event: Event) -> frozenset[str]:
    """The placeholders in the event's sentence, except `actor` and `subject`."""
    sentence = str(event.label)
    places = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return frozenset(places) - {"actor", "subject"}


def stored_details(event: Event, values: Mapping[str, Any]) -> dict[str, object]:
    """The details as stored in the entry.

    Raises ValueError when they are not exactly the placeholders of the sentence, and
    ValueError or TypeError when a value is not of its kind.
    """
    if set(values) != names(event):
        raise ValueError(f"{event.value} has the details {sorted(names(event))}.")
    details: dict[str, object] = {}
    for name, value in values.items():
        detail = find(event, name)
        if detail is None:
            raise ValueError(f"No app says what {name} of {event.value} is.")
        details[name] = detail.to_stored(value)
    return details


def details_in_words(event: Event, entry: Mapping[str, Any]) -> dict[str, str | int]:
    """The stored details in the reader's language.

    Raises one of FORGED for details that the program did not write.
    """
    words: dict[str, str | int] = {}
    for name, value in entry.items():
        detail = find(event, name)
        words[name] = detail.to_text(value, entry) if detail else str(value)
    return words
