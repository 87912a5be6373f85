"""A statement that is built once finds what its queryset finds, with other values."""

import uuid
from typing import Any, cast

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery
from pytest_django import DjangoAssertNumQueries

from counter.database.built_once import Changer, Reader, statement
from counter.models import Clerk, Dossier
from tests.notifications.acts import make_visits

pytestmark = pytest.mark.django_db

PLACES = {"pk": uuid.UUID(int=2**128 - 1)}


def keys(rows: QuerySet[Dossier, Any], pk: uuid.UUID) -> list[uuid.UUID]:
    text, fixed = statement(rows.query, PLACES)
    with connection.cursor() as cursor:
        cursor.execute(text, fixed | {"pk": pk})
        return [row[0] for row in cursor.fetchall()]


def test_it_finds_what_its_queryset_finds(els: Clerk) -> None:
    make_visits(2, els)
    row = Dossier.objects.filter(pk=PLACES["pk"]).values_list("pk")
    for dossier in Dossier.objects.all():
        assert keys(row.filter(state=dossier.state), dossier.pk) == [dossier.pk]
        assert keys(row.exclude(state=dossier.state), dossier.pk) == []
    assert keys(row, uuid.uuid4()) == []


def test_a_percent_sign_is_one(els: Clerk) -> None:
    make_visits(1, els)
    dossier = Dossier.objects.get()
    rows = Dossier.objects.extra(where=["email LIKE '%%@%%'"])
    assert keys(rows.filter(pk=PLACES["pk"]).values_list("pk"), dossier.pk)
    rows = rows.filter(last_name__contains="%")
    assert not keys(rows.filter(pk=PLACES["pk"]).values_list("pk"), dossier.pk)


def test_each_place_occurs_once() -> None:
    rows = Dossier.objects.all()
    with pytest.raises(ValueError, match="once"):
        statement(rows.query, PLACES)
    twice = rows.filter(pk=PLACES["pk"]).exclude(submission=PLACES["pk"])
    with pytest.raises(ValueError, match="once"):
        statement(twice.query, PLACES)


def reader(columns: tuple[str, ...]) -> Reader[Dossier]:
    return Reader(
        lambda pk: Dossier.objects.filter(pk=pk),
        PLACES,
        columns=columns,
        related={"office": ("slug", "id"), "applicant": ("id", "number_kind")},
    )


def test_a_reader_gives_rows_with_what_belongs_to_them(
    els: Clerk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_visits(2, els)
    dossiers = reader(("office_id", "id", "applicant_id", "state"))
    for dossier in Dossier.objects.select_related("office", "applicant"):
        with django_assert_num_queries(1):
            (read,) = dossiers.read(pk=dossier.pk)
            assert (read, read.state) == (dossier, dossier.state)
            assert read.office.slug == dossier.office.slug
            assert read.applicant.number_kind == dossier.applicant.number_kind
    assert dossiers.read(pk=uuid.uuid4()) == []


def test_any_other_column_is_read_when_it_is_asked_for(
    els: Clerk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_visits(1, els)
    dossier = Dossier.objects.select_related("office").get()
    (read,) = reader(("office_id", "id", "applicant_id")).read(pk=dossier.pk)
    with django_assert_num_queries(2):
        assert read.email == dossier.email
        assert read.office.name == dossier.office.name


def test_a_changer_returns_the_rows_as_the_change_left_them(
    els: Clerk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_visits(2, els)

    def renaming(pk: uuid.UUID) -> UpdateQuery:
        rows = Dossier.objects.filter(pk=pk, last_name="Janssens")
        query = cast("UpdateQuery", rows.query.chain(UpdateQuery))
        query.add_update_values({"last_name": "100 % Peeters"})
        return query

    renamer: Changer[Dossier] = Changer(renaming, PLACES)
    first, second = Dossier.objects.order_by("pk")
    for dossier in (first, second):
        Dossier.objects.filter(pk=dossier.pk).update(last_name="Janssens")
        with django_assert_num_queries(1):
            [changed] = renamer.change(pk=dossier.pk)
            assert changed.last_name == "100 % Peeters"
        stored = Dossier.objects.get(pk=dossier.pk)
        assert vars(changed) | {"_state": None} == vars(stored) | {"_state": None}
        assert renamer.change(pk=dossier.pk) == []
