"""How many keys end in each month, counted at night for the supervisor's page."""

import pytest
from django.db import IntegrityError, transaction

from activation.desk.key_endings import count_endings
from activation.enums import KeyState
from activation.models import DigitalKey, KeyEndings
from activation.tasks import count_key_endings
from counter.models import Clerk, Dossier, Office
from tests.states import put
from tests.test_admin import whole

__all__ = ["whole"]


def test_the_count_is_of_active_keys_by_office_and_month(
    whole: Dossier, office: Office
) -> None:
    key = DigitalKey.objects.get(state=KeyState.ACTIVE)
    assert key.valid_until is not None
    count_key_endings()
    row = KeyEndings.objects.get()
    assert (row.office, row.count) == (office, 1)
    assert (row.month.year, row.month.day) == (key.valid_until.year, 1)


def test_a_second_run_counts_anew_and_nothing_twice(whole: Dossier) -> None:
    count_endings()
    assert count_endings() == 1
    put(
        DigitalKey.objects.all(), state=KeyState.REVOKED, revoked_at="2026-01-01T00:00Z"
    )
    assert count_endings() == 0
    assert not KeyEndings.objects.exists()


def test_another_offices_counts_are_not_shown(
    whole: Dossier, gust: Clerk, els: Clerk
) -> None:
    count_endings()
    assert KeyEndings.objects.visible_to(els).exists()
    assert not KeyEndings.objects.visible_to(gust).exists()


@pytest.mark.django_db
def test_a_month_is_written_by_its_first_day(office: Office) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyEndings.objects.create(office=office, month="2026-01-02", count=1)
