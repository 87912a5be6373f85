"""Two acts of one holder at the same instant: both are done, one after the other."""

import threading
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.holder import signing_in
from activation.holder.signing_in import Device
from activation.journey import activating, choosing
from activation.models import DigitalKey, KeyHolder, SignInActivity, SignInCount
from counter.models import Clerk
from tests import cast
from tests.activation.helpers import digits_of
from tests.activation.holder.helpers import show_password
from tests.races import at_once, wait_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


def test_signing_in_while_a_new_key_is_activated(
    holder: KeyHolder,
    app: DigitalKey,
    els: Clerk,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sign-in has locked its count, and the activation waits for it."""
    show_password(client)
    assert SignInCount.objects.count() == 1
    now = timezone.now()
    code, _text = cast.make_code(cast.make_dossier(holder.applicant, els), els)
    key = choosing.choose_key(code_id=code.pk, kind=KeyKind.APP, at=now)
    begun = threading.Event()
    note = signing_in.note_sign_in

    def late(*args: Any, **options: Any) -> None:
        if not begun.is_set():  # the first is the sign-in's
            begun.set()
            wait_for_a_lock()
        note(*args, **options)

    monkeypatch.setattr(signing_in, "note_sign_in", late)

    def sign_in() -> None:
        device = Device("", "", is_new=False)
        signing_in.complete(holder=holder, key=app, device=device, at=now)

    def activate() -> None:
        assert begun.wait(10)
        digits = digits_of(key)
        activating.activate_key(code_id=code.pk, key_id=key.pk, typed=digits, at=now)

    at_once([sign_in, activate])
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert SignInActivity.objects.filter(holder=holder).exists()
