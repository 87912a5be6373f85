"""A list of values in one array finds what IN finds."""

import uuid

import pytest

from counter.database.any_of import AnyOf
from counter.models import Clerk, Dossier, Office
from tests.notifications.acts import make_visits

pytestmark = pytest.mark.django_db


def test_it_finds_what_in_finds(els: Clerk) -> None:
    make_visits(4, els)
    keys = list(Dossier.objects.values_list("pk", flat=True))
    for chosen in (keys, keys[:2], [*keys[:1], uuid.uuid4()], []):
        rows = Dossier.objects.filter(AnyOf("pk", chosen)).order_by("pk")
        assert list(rows) == list(Dossier.objects.filter(pk__in=chosen).order_by("pk"))


def test_a_relation_is_compared_by_its_key(els: Clerk) -> None:
    make_visits(2, els)
    offices = list(Office.objects.values_list("pk", flat=True))
    assert Dossier.objects.filter(AnyOf("office", offices)).count() == 2
    assert not Dossier.objects.filter(AnyOf("office", [0])).exists()


def test_text_with_signs_of_arrays_and_statements_is_text(els: Clerk) -> None:
    make_visits(1, els)
    odd = ['}{,"', "'; --", "%s", "\\", "NULL"]
    assert not Dossier.objects.filter(AnyOf("last_name", odd)).exists()
    Dossier.objects.update(last_name=odd[0])
    assert Dossier.objects.filter(AnyOf("last_name", odd)).count() == 1


def test_it_changes_rows_too(els: Clerk) -> None:
    make_visits(3, els)
    keys = list(Dossier.objects.values_list("pk", flat=True))[:2]
    assert Dossier.objects.filter(AnyOf("pk", keys)).update(last_name="X") == 2
