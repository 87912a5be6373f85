"""The session's entries of a visit and a holder; a damaged entry counts as none."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from activation.enums import KeyKind
from activation.holder.sessions.holder_session import ClockSeen, HolderSession, Stage
from activation.journey.visit import Visit
from activation.models import ActivationCode
from activation.web.session_entry import pack, unpack
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    leads_to,
    path,
    request_of,
    type_code,
    visit_of,
)
from tests.activation.holder.helpers import make_holder, make_key, sign_in
from tests.activation.holder.helpers import path as keys_path

ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)

VISIT = Visit(
    ONE,
    started_at=NOON,
    seen_at=NOON,
    chose_password=True,
    account=OTHER,
    key_id=OTHER,
    done_at=NOON,
    session_epoch=3,
    again_at=NOON,
)
HOLDER = HolderSession(
    stage=Stage.RECOVERING_KEY,
    holder_id=ONE,
    session_epoch=0,
    started_at=NOON,
    seen_at=NOON,
    tries=4,
    clock=ClockSeen(OTHER, step=58_000_000, distance=-20),
    mailed_code_id=OTHER,
)

type Break = Callable[[dict[str, Any]], object]

#: Damages to an entry: another version of the product wrote it, or it was cut short.
BREAKS: dict[str, Break] = {
    "a text": lambda _kept: "signed in",
    "a list": list,
    "empty": lambda _kept: {},
    "a line too few": lambda kept: kept.pop("started_at") and kept,
    "a line too many": lambda kept: kept | {"colour": "red"},
    "an id that is none": lambda kept: kept | {"key_id": "42"},
    "a number for an id": lambda kept: kept | {"key_id": 42},
    "a time that is none": lambda kept: kept | {"seen_at": "noon"},
    "a time of no zone": lambda kept: kept | {"seen_at": "2026-03-20T12:00:00"},
    "a number for a time": lambda kept: kept | {"seen_at": 1_774_000_000},
    "yes for a number": lambda kept: kept | {"session_epoch": True},
    "a text for a number": lambda kept: kept | {"session_epoch": "3"},
}
broken = pytest.mark.parametrize("damage", list(BREAKS.values()), ids=list(BREAKS))
on_a_page = pytest.mark.parametrize("name", ["a text", "a line too few"])


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.mark.parametrize("entry", [VISIT, HOLDER], ids=["visit", "holder"])
def test_what_is_kept_is_read_back(entry: Visit | HolderSession) -> None:
    assert unpack(type(entry), pack(entry)) == entry


@broken
def test_a_damaged_entry_is_none(damage: Break) -> None:
    assert unpack(Visit, damage(pack(VISIT))) is None
    assert unpack(HolderSession, damage(pack(HOLDER))) is None


def test_a_stage_that_there_is_not_is_none() -> None:
    assert unpack(HolderSession, pack(HOLDER) | {"stage": "supervisor"}) is None
    assert unpack(HolderSession, pack(HOLDER) | {"clock": [str(ONE), 1, 2]}) is None


def test_a_session_keeps_no_other_kinds_of_values() -> None:
    with pytest.raises(TypeError):
        pack(Visit(ONE, NOON, NOON, account=b"secret"))  # type: ignore[arg-type]


def damage_all(client: Client, damage: Break) -> None:
    session = visit_of(client)
    entries = {name: kept for name, kept in session.items() if isinstance(kept, dict)}
    assert entries
    for name, kept in entries.items():
        session[name] = damage(kept)
    session.save()


@on_a_page
def test_whose_visit_is_damaged_types_the_code_again(
    client: Client, code_and_text: tuple[ActivationCode, str], name: str
) -> None:
    code, text = code_and_text
    type_code(client, code, text)
    damage_all(client, BREAKS[name])
    assert leads_to(client.get(path("choose_key"))) == path("enter_code")
    type_code(client, code, text)
    assert client.get(path("choose_account")).status_code == 200


def test_a_visit_that_lies_under_another_code_is_none_of_that_one(
    client: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    type_code(client, *code_and_text)
    session = visit_of(client)
    (kept,) = session.values()
    session[f"activation_visit:{OTHER.hex}"] = kept
    session.save()
    assert Visit.load(request_of(client), OTHER) is None


@on_a_page
def test_whose_session_is_damaged_signs_in_again(
    client: Client, dossier: Dossier, els: Clerk, name: str
) -> None:
    sign_in(client, make_key(make_holder(dossier, els), KeyKind.APP))
    damage_all(client, BREAKS[name])
    assert client.get(keys_path("overview"))["Location"] == keys_path("sign_in")
    assert client.get(keys_path("sign_in")).status_code == 200
    answer = client.post(keys_path("sign_out_everywhere"), follow=True)
    assert answer.redirect_chain[-1][0] == keys_path("sign_in")
