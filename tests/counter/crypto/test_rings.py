"""A process that still has the old keys says so instead of failing."""

import secrets
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from activation.enums import CodeState
from counter.crypto import rings, rotation
from counter.models import Applicant, Clerk
from tests import cast

ROOT = Path(__file__).resolve().parents[3]
E1, E2 = secrets.token_bytes(32), secrets.token_bytes(32)
TOKEN = {"Authorization": f"Bearer {configured.READYZ_TOKEN}"}

pytestmark = pytest.mark.django_db


def people_under(ring: dict[str, bytes], settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = ring
    for number in range(3):
        cast.make_applicant(f"{90_00_00_000_00 + number:011d}")


def test_a_process_with_every_key_misses_none(settings: Settings) -> None:
    people_under({"e2": E2, "e1": E1}, settings)
    assert rings.missing_keys() == []
    settings.ENCRYPTION_KEYS = {"e2": E2}
    assert rings.missing_keys() == []


def test_a_process_that_was_forgotten_says_which_key_it_lacks(
    settings: Settings, client: Client
) -> None:
    people_under({"e2": E2}, settings)
    settings.ENCRYPTION_KEYS = {"e1": E1}
    answer = client.get("/readyz", headers=TOKEN)
    assert answer.status_code == 424
    assert answer.json()["keys"] == ["missing in this process: ENCRYPTION_KEYS: e2"]
    assert answer.json()["status"] == "degraded"
    page = " ".join((ROOT / "docs" / "keys.md").read_text().split())
    assert f"`/readyz` on it answers {answer.status_code} (`degraded`)" in page


def test_a_process_that_finds_nobody_any_more_says_which_index_key_it_lacks(
    settings: Settings,
) -> None:
    """Without `b` it would record a second time everybody who came since `b` exists."""
    settings.INDEX_KEYS = {"a": E1}
    cast.make_applicant(f"{90_00_00_000_00:011d}")
    settings.INDEX_KEYS = {"a": E1, "b": E2}
    cast.make_applicant(f"{90_00_00_000_01:011d}")
    settings.INDEX_KEYS = {"a": E1}
    assert rings.missing_keys() == []
    settings.INDEX_KEYS = {"b": E2}
    assert rings.missing_keys() == ["INDEX_KEYS: a"]  # before `rotate_keys`
    rotation.rotate(Applicant)
    assert rings.missing_keys() == []
    settings.INDEX_KEYS = {"a": E1}
    assert rings.missing_keys() == ["INDEX_KEYS: b"]


def test_a_process_in_which_new_links_are_dead_says_which_key_it_lacks(
    settings: Settings, els: Clerk
) -> None:
    dossier = cast.make_dossier(cast.make_applicant(), els)
    settings.DERIVATION_KEYS = {"d2": E2, "d1": E1}
    code, _ = cast.make_code(dossier, els)
    settings.DERIVATION_KEYS = {"d1": E1}
    assert rings.missing_keys() == ["DERIVATION_KEYS: d2"]
    # A code that has ended no longer needs its key: the key may go after 14 days.
    type(code).objects.update(state=CodeState.LAPSED, lapsed_at=code.valid_until)
    assert rings.missing_keys() == []


def test_a_key_that_came_and_went_between_two_rotations_is_missed_by_nobody(
    settings: Settings,
) -> None:
    """A process that missed two changes names only the key that is in force."""
    people_under({"e1": E1}, settings)
    for kid, key in (("e2", E2), ("e3", secrets.token_bytes(32))):
        settings.ENCRYPTION_KEYS = {kid: key, **settings.ENCRYPTION_KEYS}
        rotation.rotate(Applicant)
        settings.ENCRYPTION_KEYS = {kid: key}
        assert rings.missing_keys() == []
    settings.ENCRYPTION_KEYS = {"e1": E1}
    assert rings.missing_keys() == ["ENCRYPTION_KEYS: e3"]


def test_a_damaged_row_is_no_missing_key_and_stops_nothing(
    settings: Settings, client: Client
) -> None:
    people_under({"e1": E1}, settings)
    damaged = Applicant.objects.earliest("pk")
    Applicant.objects.filter(pk=damaged.pk).update(
        national_number_sealed=b"\x02\xff\xff1234"
    )
    assert rings.missing_keys() == []
    assert client.get("/readyz", headers=TOKEN).json()["database"] == "reachable"
    assert rotation.rotate(Applicant).unreadable == 1
    assert rotation.remaining(Applicant) == 1


def test_a_page_that_needs_the_key_asks_to_try_again(
    settings: Settings, els_client: Client, els: Clerk
) -> None:
    dossier = cast.make_dossier(cast.make_applicant(), els)
    settings.ENCRYPTION_KEYS = {"e9": E1}
    address = reverse("counter_dossiers:dossier", args=[dossier.pk])
    answer = els_client.get(address)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["X-Request-ID"] in answer.content.decode()
