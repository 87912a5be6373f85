"""The colour of a state tells whether anybody still has to do something."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from activation.enums import CodeState, KeyState
from counter.enums import DossierState
from notifications.enums import DeliveryState
from payments.enums import ReversalState

BADGE = "components/state_badge.html"
STATES = [*DossierState, *CodeState, *KeyState, *DeliveryState, *ReversalState]
#: Nobody has to do anything any more, and nothing went wrong.
ENDED = {
    DossierState.CANCELLED,
    CodeState.REPLACED,
    DeliveryState.DROPPED,
    ReversalState.SETTLED,
    ReversalState.WITHDRAWN,
}


def tone(state: str) -> str:
    badge = render_to_string(BADGE, {"state": state, "label": "label"})
    (shown,) = re.findall(r'class="state state-\s*(\w+)', badge)
    return str(shown)


def test_only_what_is_over_looks_as_if_it_were() -> None:
    assert {state for state in STATES if tone(state) == "ended"} == ENDED


@pytest.mark.parametrize(
    "state", [CodeState.FROZEN, CodeState.LOCKED, CodeState.HELD, DeliveryState.UNKNOWN]
)
def test_what_waits_for_the_counter_is_a_warning(state: str) -> None:
    assert tone(state) == "warn"


def test_the_badge_names_no_state_that_there_is_not() -> None:
    text = Path(settings.BASE_DIR, "templates", BADGE).read_text()
    named = set(chain.from_iterable(map(str.split, re.findall(r' in "(.*?)"', text))))
    assert named <= {state.value for state in STATES}
