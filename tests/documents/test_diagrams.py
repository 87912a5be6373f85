"""docs/diagrams.md agrees with the code, and the tables of moves are complete."""

import pytest
from django.db import DatabaseError

from activation.enums import CodeState
from activation.models import ActivationCode
from config import diagrams
from config.diagrams import Machine, machines
from counter.models import Applicant, Clerk
from tests import cast

MACHINES = pytest.mark.parametrize("machine", machines(), ids=lambda one: one.title)


def test_the_page_is_what_the_code_says() -> None:
    behind = "docs/diagrams.md is behind the code: make diagrams"
    assert diagrams.path().read_text() == diagrams.page(), behind


def test_every_room_says_what_lives_there() -> None:
    silent = [line for line in diagrams.page().splitlines() if "/` |  |" in line]
    assert silent == []


@MACHINES
def test_every_state_says_what_it_may_become(machine: Machine) -> None:
    states = type(next(iter(machine.moves)))
    assert set(machine.moves) == set(states), machine.table


@MACHINES
def test_every_state_is_reached_from_the_first(machine: Machine) -> None:
    first = machine.model().state  # type: ignore[attr-defined]
    reached, todo = set(), [first]
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo += machine.moves[state]
    assert reached == set(machine.moves)


def test_a_move_that_no_table_allows_fails_in_a_test(
    peter: Applicant, els: Clerk
) -> None:
    code, _ = cast.make_code(cast.make_dossier(peter, els), els)
    rows = ActivationCode.objects.filter(pk=code.pk)
    rows.update(state=CodeState.USED, used_at=code.issued_at)
    with pytest.raises(DatabaseError, match="used became live"):
        rows.update(state=CodeState.LIVE)
