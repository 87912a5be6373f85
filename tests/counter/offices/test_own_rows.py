"""Everybody sees the rows of the own office, by one rule."""

import uuid

import pytest
from django.apps import apps
from django.db import models

from counter.enums import Role
from counter.models import Clerk, Dossier
from counter.offices.own_rows import OfOffice
from counter.people.kinship_door import dossier_by_id
from tests.own_files import OURS
from tests.test_admin import whole

__all__ = ["whole"]

#: A draft belongs to one clerk; runs and alarms belong to no office; a role may read
#: less of the journal than its office has.
BY_ANOTHER_RULE = {"Draft", "TaskRun", "Alarm", "JournalEntry"}
#: Rows that belong to no office are shown in each.
ALSO_OF_NO_OFFICE = {"DestructionRecord"}


def visible() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and hasattr(model._default_manager, "visible_to")
    ]


def test_the_rule_stands_once() -> None:
    others = {
        model.__name__
        for model in visible()
        if not isinstance(model._default_manager.all(), OfOffice)
    }
    assert others <= BY_ANOTHER_RULE
    for model in visible():
        rows = type(model._default_manager.all())
        own = rows.visible_to is OfOffice.visible_to  # type: ignore[attr-defined]
        assert own or model.__name__ in BY_ANOTHER_RULE, model


@pytest.mark.django_db
@pytest.mark.parametrize("of", [None, 0])
def test_somebody_of_no_office_or_of_another_sees_no_row(
    whole: Dossier, of: int | None
) -> None:
    stranger = Clerk(username="stranger", role=Role.CLERK, office_id=of)
    looked_at = 0
    for model in visible():
        if model.__name__ in BY_ANOTHER_RULE | ALSO_OF_NO_OFFICE:
            continue
        rows = model._default_manager
        looked_at += rows.exists()
        seen = rows.visible_to(stranger)  # type: ignore[attr-defined]
        assert not seen.exists(), model
    assert looked_at > 20


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_one_row_is_seen_as_all_rows_are(whole: Dossier, role: Role) -> None:
    for of in (None, 0, whole.office_id):
        somebody = Clerk(username="somebody", role=role, office_id=of)
        seen = Dossier.objects.visible_to(somebody).filter(pk=whole.pk).exists()
        assert somebody.sees_office(whole.office_id) == seen
        assert (dossier_by_id(somebody, whole.pk) == whole) == seen
        assert dossier_by_id(somebody, uuid.uuid4()) is None
