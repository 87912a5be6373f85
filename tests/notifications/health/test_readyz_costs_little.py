"""Anybody may ask /readyz at any rate: a look at the state serves for two seconds."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from notifications.health import state

#: For a first look, with room for a duty or two more.
MOST_QUERIES = 60


@pytest.mark.django_db
def test_who_has_no_token_costs_no_query_until_two_seconds_are_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Client()
    with CaptureQueriesContext(connection) as first:
        assert asked.get("/readyz").status_code == 200
    settings.EXPECTED_PARTS = ["worker"]
    begun = time.process_time()
    with CaptureQueriesContext(connection) as more:
        statuses = {asked.get("/readyz").status_code for _ in range(50)}
    each = (time.process_time() - begun) / 50 * 1000
    print(f"first {len(first)} queries, then {len(more)}; {each:.1f} ms CPU each")
    assert 0 < len(first) <= MOST_QUERIES
    assert (len(more), statuses) == (0, {200})

    now = time.monotonic() + state.REMEMBERED_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert asked.get("/readyz").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_answered_by_one_look(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXPECTED_PARTS = ["worker"]
    looks: list[datetime.datetime] = []
    look = state.of

    def counted(at: datetime.datetime, *, whole: bool) -> state.State:
        looks.append(at)
        return look(at, whole=whole)

    monkeypatch.setattr(state, "of", counted)
    with ThreadPoolExecutor(8) as visitors:
        asked = visitors.map(lambda _: Client().get("/readyz").status_code, range(24))
        codes = set(asked)
    assert codes == {503}
    assert len(looks) == 1
