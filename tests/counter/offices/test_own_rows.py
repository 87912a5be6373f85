"""Everybody sees the rows of the own office, by one rule."""

import pytest
from django.apps import apps
from django.db import models

from counter.enums import Role
from counter.models import Clerk, Dossier
from counter.offices.own_rows import OfOffice
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
