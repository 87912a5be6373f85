"""An applicant's digital keys, which a higher app knows (counter.desk.registry)."""

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
    """The same queryset, which also loads what `active_keys` needs."""
    keys = registry.person_keys()
    return people.select_related(*keys.related) if keys else people


def active_keys(person: Applicant, *, at: datetime) -> Iterable[ActiveKey]:
    """The person's keys that are active at this instant, the last to end at the end."""
    keys = registry.person_keys()
    return keys.active(person, at) if keys else ()
