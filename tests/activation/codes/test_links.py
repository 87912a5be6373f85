"""The token in a link finds its code when the token is whole, and only then."""

import base64

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from activation.codes import links
from activation.codes.activation_code import from_bytes
from activation.enums import CodeState
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    return cast.make_code(dossier, els)[0]


def test_a_token_finds_its_code_whatever_its_state(code: ActivationCode) -> None:
    token = links.token(code)
    assert len(token) == 64
    assert links.find(token) == code
    ActivationCode.objects.update(state=CodeState.USED, used_at=timezone.now())
    assert links.find(token) == code


def test_the_link_is_whole_and_in_its_language(code: ActivationCode) -> None:
    for language in ("nl", "fr", "de", "en"):
        url = links.url(code, language=language)
        assert url == f"{settings.SITE_URL}/{language}/a/{links.token(code)}/"


def test_the_same_link_again_and_another_one_after_a_reissue(
    code: ActivationCode,
) -> None:
    token = links.token(code)
    assert links.token(ActivationCode.objects.get()) == token
    ActivationCode.objects.update(nonce=bytes(32))
    assert links.find(token) is None


def test_no_changed_byte_is_let_through(code: ActivationCode) -> None:
    raw = base64.urlsafe_b64decode(links.token(code))
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert links.find(base64.urlsafe_b64encode(changed).decode()) is None


@pytest.mark.parametrize(
    "presented",
    ["", "a", "A" * 63, "A" * 64, "A" * 65, "=" * 64, "é" * 64, "\x00" * 64],
)
def test_what_is_no_token_finds_nothing(code: ActivationCode, presented: str) -> None:
    assert links.find(presented) is None


def test_the_code_and_the_link_cannot_be_made_of_each_other(
    dossier: Dossier, els: Clerk
) -> None:
    """Each is derived for its own purpose, so no part of the link spells the code."""
    code, text = cast.make_code(dossier, els)
    raw = base64.urlsafe_b64decode(links.token(code))
    spelled = {from_bytes(raw[place : place + 9]) for place in range(len(raw) - 8)}
    assert text not in spelled
    assert text not in links.token(code)


def test_without_its_derivation_key_a_link_is_dead(
    code: ActivationCode, settings: Settings
) -> None:
    token = links.token(code)
    settings.DERIVATION_KEYS = {"new": bytes(32)}
    assert links.find(token) is None
