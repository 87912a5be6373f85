"""Removing what says who somebody was, from dossiers and from people.

A dossier that is anonymised leads to nobody: it is given to a person of its own, who is
nobody from the first moment on. So whoever opens it does not come to somebody who is
still known by another visit, and an office whose visit is gone does not see the person.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from counter.models import Applicant, Dossier
from counter.models.applicants import NO_PERSON
from counter.models.dossiers import NO_DETAILS
from counter.retention import registry


def living() -> QuerySet[Dossier]:
    return Dossier.objects.filter(anonymised_at__isnull=True)


def anonymise(dossiers: QuerySet[Dossier], at: datetime) -> int:
    """Remove what says who it was, in every app; the rows stay and are counted."""
    keys = list(dossiers.values_list("pk", flat=True))
    _give_to_nobody(keys, at)
    registry.forget_dossiers(keys, at)
    return len(keys)


def _give_to_nobody(keys: list[UUID], at: datetime) -> None:
    """Each to a nobody of its own, who says nothing but the kind of number."""
    dossiers = list(Dossier.objects.filter(pk__in=keys).select_related("applicant"))
    left = {dossier.applicant_id for dossier in dossiers}
    for dossier in dossiers:
        dossier.applicant = Applicant(
            number_kind=dossier.applicant.number_kind,
            first_seen_at=dossier.recorded_at,
            anonymised_at=at,
            **NO_PERSON,
        )
    Applicant.objects.bulk_create(dossier.applicant for dossier in dossiers)
    Dossier.objects.bulk_update(dossiers, ["applicant"])
    Applicant.objects.filter(pk__in=left).update(parted_at=at)


def anonymise_people(people: QuerySet[Applicant], at: datetime) -> int:
    """Remove in every app what says who these were; the rows stay."""
    keys = list(people.values_list("pk", flat=True))
    registry.forget_people(keys, at)
    return len(keys)


def forget_dossiers(keys: list[UUID], at: datetime) -> None:
    """Empty their personal columns, old corrected values and answers about family.

    Corrections and answers are append-only tables, so functions of the owner empty
    them, for anonymised dossiers only (counter.migrations.0003_append_only).
    """
    Dossier.objects.filter(pk__in=keys).update(anonymised_at=at, **NO_DETAILS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_corrections(%s::uuid[])", [keys])
        cursor.execute("SELECT forget_kinship(%s::uuid[])", [keys])


def forget_people(keys: list[UUID], at: datetime) -> None:
    Applicant.objects.filter(pk__in=keys).update(anonymised_at=at, **NO_PERSON)
