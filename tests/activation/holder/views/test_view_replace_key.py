"""For another phone, number or address a new key takes the place of the old one."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, KeyState
from activation.exceptions import KeyGoneError
from activation.holder.own_keys import add_key, revoke_key, set_up_key
from activation.models import DigitalKey, HolderChange, KeyHolder, OneTimeCode
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office
from counter.sign_in import totp
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import (
    digits_of,
    make_anna,
    make_key,
    path,
    sign_in,
)
from tests.races import at_once

OVERVIEW = path("overview")
CONFIRM = path("confirm_new_key")
NEW_NUMBER = {"mobile": "0470 65 43 21"}


def new_key() -> DigitalKey:
    return DigitalKey.objects.get(state=KeyState.PENDING)


def active() -> set[DigitalKey]:
    return set(DigitalKey.objects.filter(state=KeyState.ACTIVE))


@pytest.fixture
def sms(holder: KeyHolder) -> DigitalKey:
    return make_key(holder, KeyKind.SMS)


def test_another_number(
    signed_in: Client, holder: KeyHolder, app: DigitalKey, sms: DigitalKey
) -> None:
    elsewhere = Client()
    sign_in(elsewhere, app)
    page = path("replace_key", sms.pk)
    assert page in signed_in.get(OVERVIEW).content.decode()
    shown = text_of(signed_in.get(page).content)
    assert "+32 4•• •• •• 56" in shown
    assert "This key works until the new one does" in shown
    assert signed_in.post(page, {"mobile": "12"}).status_code == 422
    assert signed_in.post(page, NEW_NUMBER)["Location"] == CONFIRM
    new = new_key()
    confirm = signed_in.get(CONFIRM).content.decode()
    assert "Your old key stops working when this one is active" in confirm
    assert f'href="{page}"' in confirm
    assert f'href="{path("add_key")}"' not in confirm
    wrong = {"key": new.pk, "digits": other_digits(digits_of(new))}
    assert signed_in.post(CONFIRM, wrong).status_code == 422
    assert active() == {app, sms}
    right = {"key": new.pk, "digits": digits_of(new)}
    done = signed_in.post(CONFIRM, right, follow=True)
    assert "The old one no longer works" in text_of(done.content)
    assert active() == {app, new}
    sms.refresh_from_db()
    assert (sms.state, sms.revoked_at is not None) == (KeyState.REVOKED, True)
    assert elsewhere.get(OVERVIEW).status_code == 303
    assert signed_in.get(OVERVIEW).status_code == 200


def test_one_mail_says_so_and_the_journal_both(
    signed_in: Client, sms: DigitalKey
) -> None:
    signed_in.post(path("replace_key", sms.pk), NEW_NUMBER)
    new = new_key()
    signed_in.post(CONFIRM, {"key": new.pk, "digits": digits_of(new)})
    change = HolderChange.objects.exclude(act=Change.NEW_DEVICE).get()
    assert (change.act, change.kind) == (Change.KEY_REPLACED, KeyKind.SMS)
    for event in (Event.KEY_ADDED, Event.KEY_REVOKED):
        assert JournalEntry.objects.filter(event=event).count() == 1


def test_another_phone(signed_in: Client, app: DigitalKey) -> None:
    """It is the only key, and the account is never without a key."""
    page = path("replace_key", app.pk)
    assert "set up the app" in text_of(signed_in.get(page).content)
    assert not DigitalKey.objects.filter(state=KeyState.PENDING).exists()
    assert signed_in.post(page)["Location"] == CONFIRM
    new = new_key()
    assert totp.grouped(new.secret) in signed_in.get(CONFIRM).content.decode()
    assert new.secret != app.secret
    signed_in.post(CONFIRM, {"key": new.pk, "digits": digits_of(new)})
    assert active() == {new}


def test_another_address(signed_in: Client, holder: KeyHolder) -> None:
    """The account's address is proposed when the key has another one."""
    mail = make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    page = path("replace_key", mail.pk)
    assert 'value="peter@example.org"' not in signed_in.get(page).content.decode()
    KeyHolder.objects.update(email="new@example.net")
    assert 'value="new@example.net"' in signed_in.get(page).content.decode()
    signed_in.post(page, {"email": "new@example.net"})
    new = new_key()
    signed_in.post(CONFIRM, {"key": new.pk, "digits": digits_of(new)})
    assert new in active()
    assert mail not in active()


def test_with_three_keys_too(
    signed_in: Client, holder: KeyHolder, app: DigitalKey, sms: DigitalKey
) -> None:
    mail = make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    assert "Press “Replace”" in text_of(signed_in.get(OVERVIEW).content)
    signed_in.post(path("replace_key", sms.pk), NEW_NUMBER)
    new = new_key()
    signed_in.post(CONFIRM, {"key": new.pk, "digits": digits_of(new)})
    assert active() == {app, mail, new}


def test_the_same_number_is_no_other_number(signed_in: Client, sms: DigitalKey) -> None:
    answer = signed_in.post(path("replace_key", sms.pk), {"mobile": "0470 12 34 56"})
    assert answer.status_code == 422
    assert "You have this key already" in text_of(answer.content)


def test_what_was_begun_as_another_key_replaces_none(
    signed_in: Client, app: DigitalKey
) -> None:
    """In two tabs: each goes on with what was begun in it."""
    signed_in.post(path("add_key"), {"kind": "app"})
    added = new_key()
    signed_in.post(path("replace_key", app.pk))
    signed_in.post(path("replace_key", app.pk))
    assert DigitalKey.objects.filter(state=KeyState.PENDING).count() == 2
    signed_in.post(CONFIRM, {"key": added.pk, "digits": digits_of(added)})
    assert active() == {app, added}


def test_a_key_was_shown_within_five_minutes(
    signed_in: Client, app: DigitalKey, sms: DigitalKey
) -> None:
    page = path("replace_key", sms.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert signed_in.get(page).status_code == 303
        assert signed_in.post(page, NEW_NUMBER).status_code == 403
    assert not DigitalKey.objects.filter(state=KeyState.PENDING).exists()


def test_a_kind_that_the_office_switched_off(
    signed_in: Client, sms: DigitalKey, office: Office
) -> None:
    Office.objects.filter(pk=office.pk).update(sms_keys=False)
    page = path("replace_key", sms.pk)
    assert page not in signed_in.get(OVERVIEW).content.decode()
    answer = signed_in.post(page, NEW_NUMBER, follow=True)
    assert "does not offer this key" in text_of(answer.content)
    assert not DigitalKey.objects.filter(state=KeyState.PENDING).exists()


def test_nobody_else_s_key(signed_in: Client, els: Clerk) -> None:
    theirs = make_key(make_anna(els, email="anna@example.org"), KeyKind.APP)
    for key in (theirs.pk, uuid.uuid4()):
        page = path("replace_key", key)
        assert signed_in.get(page).status_code == 404
        assert signed_in.post(page).status_code == 404
    assert not DigitalKey.objects.filter(state=KeyState.PENDING).exists()


def test_revoked_meanwhile_at_the_counter(
    signed_in: Client, app: DigitalKey, sms: DigitalKey, els: Clerk
) -> None:
    """A key that is gone cannot be replaced, and its holder is signed out."""
    signed_in.post(path("replace_key", sms.pk), NEW_NUMBER)
    new = new_key()
    form = {"key": new.pk, "digits": digits_of(new)}
    revoke_key(key=sms, at=timezone.now(), clerk=els, document_seen=True)
    assert signed_in.post(CONFIRM, form)["Location"] == path("sign_in")
    sign_in(signed_in, app)
    done = signed_in.post(CONFIRM, form, follow=True)
    assert "The key that you wanted to replace no longer works" in text_of(done.content)
    assert active() == {app}


@pytest.mark.parametrize("page", ["replace_key", "rename_key", "revoke_key"])
def test_going_back_to_a_key_that_ended_says_so(
    signed_in: Client, sms: DigitalKey, page: str
) -> None:
    DigitalKey.objects.filter(pk=sms.pk).update(
        state=KeyState.REVOKED, revoked_at=timezone.now()
    )
    answer = signed_in.get(path(page, sms.pk), follow=True)
    assert answer.redirect_chain == [(path("overview"), 303)]
    assert "This key no longer works" in text_of(answer.content)


@pytest.mark.django_db(transaction=True)
def test_replaced_twice_at_once_there_is_one_new_key(
    holder: KeyHolder, app: DigitalKey
) -> None:
    old = make_key(holder, KeyKind.SMS)
    now = timezone.now()
    keys = []
    for place in range(4):
        number, at = f"+3247000000{place}", now + timedelta(minutes=20 * place)
        setting_up = partial(set_up_key, holder=holder, kind=KeyKind.SMS, replaces=old)
        keys.append(setting_up(destination=number, at=at))
    OneTimeCode.objects.update(requested_at=now, valid_until=now + timedelta(hours=1))

    def confirm(key: DigitalKey) -> bool:
        try:
            add_key(holder=holder, key_id=key.pk, typed=digits_of(key), at=now)
        except KeyGoneError:
            return False
        return True

    answers = at_once([partial(confirm, key) for key in keys])
    assert sorted(answers) == [False, False, False, True]
    assert len(active()) == 2
    assert old not in active()
