"""The keys that somebody who came before has: what a higher app knows of the person."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from counter.desk import registry
from counter.desk.additions import ActiveKey
from counter.models import Applicant

if TYPE_CHECKING:
    from counter.querysets import ApplicantQuerySet


def with_keys(
    people: "ApplicantQuerySet[Applicant]",
) -> "ApplicantQuerySet[Applicant]":
    """The same people, loaded with what tells their keys."""
    keys = registry.person_keys()
    return people.select_related(*keys.related) if keys else people


def active_keys(person: Applicant, *, at: datetime) -> Iterable[ActiveKey]:
    """Those in force, the one that ends last at the end."""
    keys = registry.person_keys()
    return keys.active(person, at) if keys else ()
