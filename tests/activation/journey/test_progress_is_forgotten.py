"""What was chosen with a code is forgotten when the code ends."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from activation.codes import saved_progress
from activation.codes.freezing import freeze_code
from activation.codes.lapsing import lapse_codes
from activation.enums import CodeState, KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey
from counter.models import Clerk, Dossier
from tests.activation.codes.reissues import reissued
from tests.activation.helpers import (
    choose_key,
    digits_of,
)
from tests.activation.journey.going_on import begun, code_and_text, come
from tests.activation.tabs import Tab

__all__ = ["begun", "code_and_text", "come"]


def used(code: ActivationCode, dossier: Dossier, els: Clerk, tab: Tab) -> None:
    tab.send(digits=digits_of(DigitalKey.objects.get(kind=KeyKind.EMAIL)))


def lapsed(code: ActivationCode, dossier: Dossier, els: Clerk, tab: Tab) -> None:
    lapse_codes(at=code.valid_until)


def replaced(code: ActivationCode, dossier: Dossier, els: Clerk, tab: Tab) -> None:
    reissued(dossier, els, code)


def frozen(code: ActivationCode, dossier: Dossier, els: Clerk, tab: Tab) -> None:
    freeze_code(code_id=code.pk, at=timezone.now())


@pytest.mark.parametrize("end", [used, lapsed, replaced, frozen])
def test_it_is_forgotten_when_the_code_ends(
    dossier: Dossier,
    els: Clerk,
    begun: Client,
    code_and_text: tuple[ActivationCode, str],
    come: Callable[[], Tab],
    end: Callable[[ActivationCode, Dossier, Clerk, Tab], None],
) -> None:
    choose_key(begun, KeyKind.APP)
    choose_key(begun, KeyKind.EMAIL)
    tab = come()
    code = code_and_text[0]
    code.refresh_from_db()
    assert saved_progress.read(code) is not None
    end(code, dossier, els, tab)
    code.refresh_from_db()
    assert code.state != CodeState.LIVE
    assert bytes(code.progress_sealed) == b""
    assert not DigitalKey.objects.filter(code=code, state=KeyState.PENDING).exists()


def test_what_is_kept_is_sealed_for_its_row(
    begun: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    key = choose_key(begun, KeyKind.APP)
    code = code_and_text[0]
    code.refresh_from_db()
    assert str(key.pk).encode() not in bytes(code.progress_sealed)
    assert key.pk.bytes not in bytes(code.progress_sealed)
