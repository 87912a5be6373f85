"""A statement that is built once finds what its queryset finds, with other values."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from counter.database.built_once import statement
from counter.models import Clerk, Dossier
from tests.notifications.acts import make_visits

pytestmark = pytest.mark.django_db

PLACES = {"pk": uuid.UUID(int=2**128 - 1)}


def keys(rows: QuerySet[Dossier, Any], pk: uuid.UUID) -> list[uuid.UUID]:
    text, fixed = statement(rows, PLACES)
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
        statement(rows, PLACES)
    twice = rows.filter(pk=PLACES["pk"]).exclude(submission=PLACES["pk"])
    with pytest.raises(ValueError, match="once"):
        statement(twice, PLACES)
