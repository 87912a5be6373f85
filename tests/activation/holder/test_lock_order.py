"""Two acts of one holder at the same instant: both are done, one after the other."""

import threading
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.holder import own_keys, signing_in
from activation.holder.exceptions import UsedRecoveryCodeError
from activation.holder.paper import recovery_codes
from activation.holder.signing_in import Device
from activation.holder.wrong_tries import CountOf, Tries
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


def test_naming_a_key_while_it_is_revoked(
    app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The revocation has locked the account, and the new name waits for it."""
    begun = threading.Event()
    end = own_keys._end

    def late(*args: Any, **options: Any) -> None:
        begun.set()
        wait_for_a_lock()
        end(*args, **options)

    monkeypatch.setattr(own_keys, "_end", late)

    def rename() -> None:
        assert begun.wait(10)
        own_keys.rename_key(key=app, name="My phone", at=timezone.now())

    at_once([lambda: own_keys.revoke_key(key=app, at=timezone.now()), rename])
    app.refresh_from_db()
    assert (app.state, app.name) == (KeyState.REVOKED, "My phone")


def test_using_a_recovery_code_while_new_ones_are_made(
    app: DigitalKey, holder: KeyHolder
) -> None:
    """The new sheet has locked the account, and the old code comes too late."""
    now = timezone.now()
    old = recovery_codes.make_codes(holder=holder, at=now)
    begun = threading.Event()

    def make_new() -> None:
        with transaction.atomic():
            KeyHolder.objects.select_for_update().get(pk=holder.pk)
            begun.set()
            wait_for_a_lock()
            recovery_codes.make_codes(holder=holder, at=now)

    def use_old() -> None:
        assert begun.wait(10)
        tries = Tries(CountOf.KEY, holder.user_name)
        with pytest.raises(UsedRecoveryCodeError):
            recovery_codes.use_code(holder=holder, typed=old[0], tries=tries, at=now)

    at_once([make_new, use_old])
    assert recovery_codes.sheet_of(holder).left == recovery_codes.HOW_MANY
