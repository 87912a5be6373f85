"""A clock that tests move on, and people whose retention periods just began."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from counter.enums import DossierState
from counter.models import Clerk, Dossier
from tests.counter.retention.person import Whole, end, recorded, whole


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def lapsed(els: Clerk, clock: time_machine.Traveller) -> Dossier:
    dossier = recorded(els)
    end(dossier, DossierState.LAPSED, "lapsed_at")
    return dossier


@pytest.fixture
def peter(els: Clerk, clock: time_machine.Traveller) -> Whole:
    return whole(els)
