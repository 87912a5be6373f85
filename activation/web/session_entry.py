"""A dataclass kept in a session under one name.

`pack` gives what JSON can hold, `unpack` reads it back. What does not read as exactly
this dataclass, because another version of the product wrote it or it was cut short, is
none: whoever it was of begins again, and no page works with half of it.
"""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, get_args, get_type_hints
from uuid import UUID

from django.utils.timezone import is_aware

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def pack(entry: "DataclassInstance") -> dict[str, object]:
    """The fields by name, as JSON can hold them; those that are None are left out."""
    values = ((each.name, getattr(entry, each.name)) for each in fields(entry))
    return {name: _packed(value) for name, value in values if value is not None}


def unpack[Entry: "DataclassInstance"](
    kind: type[Entry], packed: object
) -> Entry | None:
    """What was packed; None for anything else."""
    try:
        return _unpacked(kind, packed)
    except (KeyError, TypeError, ValueError):
        return None


def _packed(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case bool() | int() | str():
            return value
    if is_dataclass(value) and not isinstance(value, type):
        return pack(value)
    raise TypeError(f"a session keeps no {type(value).__name__}")


@cache
def _types(kind: type) -> dict[str, type]:
    """What each field holds; of `UUID | None` it is UUID, because None is left out."""
    types = {}
    for name, hint in get_type_hints(kind).items():
        (types[name],) = set(get_args(hint) or [hint]) - {NoneType}
    return types


def _unpacked[Entry: "DataclassInstance"](kind: type[Entry], packed: object) -> Entry:
    if not isinstance(packed, dict):
        raise TypeError
    types = _types(kind)
    return kind(**{name: _read(types[name], value) for name, value in packed.items()})


def _read(kind: type, value: object) -> object:
    if is_dataclass(kind):
        return _unpacked(kind, value)
    if issubclass(kind, Enum):
        return kind(value)
    if kind in {bool, int, str}:
        if type(value) is not kind:
            raise TypeError
        return value
    if not isinstance(value, str):
        raise TypeError
    return UUID(value) if kind is UUID else _moment(value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if not is_aware(moment):
        raise ValueError
    return moment
