"""Anonymises dossiers and applicants: removes their personal data, keeps the rows.

An anonymised dossier gets a new applicant row of its own, which is anonymous from the
beginning. So the dossier no longer leads to the person, who may still be known by
another visit; and an office whose only visit was anonymised no longer sees the person.
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
    """Remove the personal data of these dossiers in every app; returns how many."""
    keys = list(dossiers.values_list("pk", flat=True))
    _give_to_nobody(keys, at)
    registry.forget_dossiers(keys, at)
    return len(keys)


def _give_to_nobody(keys: list[UUID], at: datetime) -> None:
    """Give each dossier an anonymous applicant that only keeps the kind of number."""
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
    """Remove the personal data of these applicants in every app; returns how many."""
    keys = list(people.values_list("pk", flat=True))
    registry.forget_people(keys, at)
    return len(keys)


def forget_dossiers(keys: list[UUID], at: datetime) -> None:
    """Empty the dossiers' personal columns, corrected values and answers about family.

    Corrections and answers are append-only tables. Database functions that run as the
    owner empty them, for anonymised dossiers only
    (counter.migrations.0003_append_only).
    """
    Dossier.objects.filter(pk__in=keys).update(anonymised_at=at, **NO_DETAILS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_corrections(%s::uuid[])", [keys])
        cursor.execute("SELECT forget_kinship(%s::uuid[])", [keys])


def forget_people(keys: list[UUID], at: datetime) -> None:
    Applicant.objects.filter(pk__in=keys).update(anonymised_at=at, **NO_PERSON)
