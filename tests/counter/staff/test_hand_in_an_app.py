"""Whoever reset an app or made the account may also have set up the next app."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from counter.enums import AccountAct, Role
from counter.models import AccountChange, Clerk, Office
from counter.sign_in import sign_in_app
from counter.staff import account_changes, same_hands
from notifications.outbox.delivering import deliver_due
from tests import cast
from tests.counter.app import APP, after_the_password, digits, set_up
from tests.mail_server import MailServer
from tests.notifications.conftest import mail_server

__all__ = ["mail_server"]

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("digits_asked")


def is_one(first: Clerk, second: Clerk) -> bool:
    return bool(same_hands.why_not(first, second, at=timezone.now()))


def signs_in_with_a_new_app(clerk: Clerk) -> None:
    client = after_the_password(clerk)
    client.get(APP)
    assert client.post(APP, {"digits": digits(clerk)}).status_code == 303


@pytest.fixture
def lies(office: Office) -> Clerk:
    """The second supervisor, who agrees."""
    return cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)


@pytest.mark.parametrize("act", [AccountAct.APP_RESET, AccountAct.MADE])
def test_the_week_begins_anew_when_the_app_is_set_up(
    els: Clerk, sofie: Clerk, lies: Clerk, act: AccountAct
) -> None:
    """Otherwise somebody who knows her password could wait until the week is over."""
    now = timezone.now()
    if act == AccountAct.MADE:
        account_changes.note(account=els, by=sofie, act=act, at=now)
    else:
        set_up(els)
        sign_in_app.reset(clerk=els, by=sofie, agreed=lies, at=now)
    with time_machine.travel(now + 7 * DAY + timedelta(hours=1)):
        assert not is_one(els, sofie)
        signs_in_with_a_new_app(els)
        assert is_one(els, sofie)
        assert is_one(sofie, els)
    with time_machine.travel(now + 13 * DAY):
        assert is_one(els, sofie)
    with time_machine.travel(now + 15 * DAY):
        assert not is_one(els, sofie)


def test_its_owner_is_told(
    els: Clerk, sofie: Clerk, lies: Clerk, mail_server: MailServer
) -> None:
    Clerk.objects.filter(pk=els.pk).update(email="els@leuven.example")
    els.refresh_from_db()
    set_up(els)
    sign_in_app.reset(clerk=els, by=sofie, agreed=lies, at=timezone.now())
    deliver_due()
    before = len(mail_server.messages)
    signs_in_with_a_new_app(els)
    deliver_due()
    (mail,) = [m for m in mail_server.messages[before:] if m["To"] == els.email]
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert f"{sofie} had de vorige gewist" in text
    assert "Dat ging uit van" not in text


@pytest.mark.parametrize("reset_by", ["the machine", "the owner"])
def test_nobodys_hand_is_in_an_app_that_no_colleague_reset(
    els: Clerk, sofie: Clerk, reset_by: str
) -> None:
    set_up(els)
    by = els if reset_by == "the owner" else None
    agreed = sofie if by else None
    sign_in_app.reset(clerk=els, by=by, agreed=agreed, at=timezone.now())
    signs_in_with_a_new_app(els)
    assert not AccountChange.objects.filter(act=AccountAct.APP_SET_UP).exists()
    assert not is_one(els, sofie)
