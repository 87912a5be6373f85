"""A holder adds a second and a third key."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.codes.validity import key_end
from activation.enums import Change, KeyKind, KeyState
from activation.holder.own_keys import add_key, set_up_key
from activation.models import DigitalKey, HolderChange, KeyHolder, OneTimeCode
from counter.exceptions import CounterError
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
from tests.states import put

ADD = path("add_key")
CONFIRM = path("confirm_new_key")


def new_key() -> DigitalKey:
    return DigitalKey.objects.get(state=KeyState.PENDING)


def test_add_an_app(signed_in: Client) -> None:
    assert signed_in.post(ADD, {"kind": "app"})["Location"] == CONFIRM
    key = new_key()
    page = signed_in.get(CONFIRM).content.decode()
    assert totp.grouped(key.secret) in page
    assert "otpauth://" in page
    image = signed_in.get(path("new_key_qr", key.pk))
    assert image["Content-Type"] == "image/svg+xml"
    response = signed_in.post(CONFIRM, {"key": key.pk, "digits": digits_of(key)})
    assert response["Location"] == path("overview")
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert key.valid_until
    assert key.activated_at
    assert key.valid_until == key_end(key.activated_at)
    assert key.last_step
    assert JournalEntry.objects.filter(event=Event.KEY_ADDED).exists()
    assert HolderChange.objects.get(act=Change.KEY_ADDED).kind == KeyKind.APP


def test_the_picture_is_of_the_key_on_its_page(
    signed_in: Client, holder: KeyHolder, app: DigitalKey, els: Clerk
) -> None:
    """In one tab an app is added, in another tab a new app replaces the old one."""
    signed_in.post(ADD, {"kind": "app"})
    added = new_key()
    signed_in.post(path("replace_key", app.pk))
    for key in DigitalKey.objects.filter(state=KeyState.PENDING):
        answer = signed_in.post(CONFIRM, {"key": key.pk, "digits": "000000"})
        assert f'src="{path("new_key_qr", key.pk)}"' in answer.content.decode()
    picture = signed_in.get(path("new_key_qr", added.pk))
    assert picture.status_code == 200
    assert signed_in.get(path("new_key_qr", app.pk)).status_code == 404
    anna = make_key(make_anna(els, email="anna@example.org"), KeyKind.APP)
    row = DigitalKey.objects.filter(pk=anna.pk)
    put(row, state=KeyState.PENDING, is_first=False)
    assert signed_in.get(path("new_key_qr", anna.pk)).status_code == 404


def chosen_in(page: str) -> list[str]:
    return re.findall(r'id="kind_(\w+)" checked', page)


def test_the_kind_that_was_chosen_stays_chosen(
    signed_in: Client, holder: KeyHolder, office: Office
) -> None:
    assert chosen_in(signed_in.get(ADD).content.decode()) == ["app"]
    signed_in.post(path("add_destination", "sms"), {"mobile": "0470 65 43 21"})
    assert chosen_in(signed_in.get(ADD).content.decode()) == ["sms"]
    make_key(holder, KeyKind.SMS)
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    answer = signed_in.post(ADD, {"kind": "app"})
    assert answer.status_code == 422
    assert chosen_in(answer.content.decode()) == ["app"]
    signed_in.get(path("overview"))
    Office.objects.filter(pk=office.pk).update(app_keys=False)
    assert chosen_in(signed_in.get(ADD).content.decode()) == ["sms"]


@pytest.mark.parametrize(
    ("kind", "form"),
    [("sms", {"mobile": "0470 65 43 21"}), ("email", {"email": "p@example.net"})],
)
def test_add_a_message(signed_in: Client, kind: str, form: dict[str, str]) -> None:
    to = path("add_destination", kind)
    assert signed_in.post(ADD, {"kind": kind})["Location"] == to
    assert signed_in.post(to, {}).status_code == 422
    assert signed_in.post(to, {"mobile": "12", "email": "12"}).status_code == 422
    assert signed_in.post(to, form)["Location"] == CONFIRM
    key = new_key()
    wrong = {"key": key.pk, "digits": other_digits(digits_of(key))}
    assert signed_in.post(CONFIRM, wrong).status_code == 422
    response = signed_in.post(CONFIRM, {"key": key.pk, "digits": digits_of(key)})
    assert response["Location"] == path("overview")
    page = text_of(signed_in.get(path("overview")).content)
    assert "Your new key is active" in page
    assert kind == "sms" or "@ex•••.net" in page


def test_the_address_of_the_account_is_proposed(signed_in: Client) -> None:
    page = signed_in.get(path("add_destination", "email")).content.decode()
    assert 'value="peter@example.org"' in page
    assert 'autocomplete="email"' in page


def test_three_are_the_most(signed_in: Client, holder: KeyHolder) -> None:
    make_key(holder, KeyKind.SMS)
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    response = signed_in.post(ADD, {"kind": "app"})
    assert response.status_code == 422
    assert "Revoke one before you add another" in text_of(response.content)
    assert ADD not in signed_in.get(path("overview")).content.decode()


def test_a_slip_in_the_address_of_a_key_is_asked_about(
    signed_in: Client, holder: KeyHolder
) -> None:
    """The session in which the address was typed shows it whole, and not masked."""
    page = path("add_destination", "email")
    form = {"email": "peter@hotmial.com"}
    response = signed_in.post(page, form)
    assert response.status_code == 422
    assert "Did you mean peter@hotmail.com?" in text_of(response.content)
    assert not holder.keys.filter(kind=KeyKind.EMAIL).exists()
    form |= {"slip": "mended", "doubted": "peter@hotmial.com"}
    text = text_of(signed_in.post(page, form, follow=True).content)
    assert "six digits to peter@hotmail.com." in text


def test_the_same_number_again_is_no_new_key(
    signed_in: Client, holder: KeyHolder
) -> None:
    make_key(holder, KeyKind.SMS)
    form = {"mobile": "0470 12 34 56"}
    response = signed_in.post(path("add_destination", "sms"), form)
    assert response.status_code == 422
    assert "You have this key already" in text_of(response.content)


def test_what_the_office_has_switched_off(signed_in: Client, office: Office) -> None:
    Office.objects.filter(pk=office.pk).update(sms_keys=False)
    page = signed_in.get(ADD).content.decode()
    assert "kind_app" in page
    assert "kind_sms" not in page
    assert signed_in.post(ADD, {"kind": "sms"}).status_code == 422
    assert signed_in.get(path("add_destination", "sms"))["Location"] == ADD


def test_switched_off_after_it_was_set_up(signed_in: Client, office: Office) -> None:
    """The holder is led to the other kinds of key, and the digits are not used up."""
    signed_in.post(path("add_destination", "sms"), {"mobile": "0470 65 43 21"})
    key = new_key()
    Office.objects.filter(pk=office.pk).update(sms_keys=False)
    form = {"key": key.pk, "digits": digits_of(key)}
    page = signed_in.post(CONFIRM, form, follow=True)
    assert page.redirect_chain == [(ADD, 303)]
    text = text_of(page.content)
    assert "This office does not offer this key. Choose another one." in text
    assert "With an app" in text
    key.refresh_from_db()
    assert key.state == KeyState.PENDING
    Office.objects.filter(pk=office.pk).update(sms_keys=True)
    assert signed_in.post(CONFIRM, form)["Location"] == path("overview")


def test_asking_again(signed_in: Client) -> None:
    form = {"mobile": "0470 65 43 21"}
    signed_in.post(path("add_destination", "sms"), form)
    again = path("new_key_again")
    page = signed_in.post(again, {"key": new_key().pk}, follow=True)
    assert "Wait" in text_of(page.content)
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        page = signed_in.post(again, {"key": new_key().pk}, follow=True)
    assert "We sent you a new code" in text_of(page.content)
    assert OneTimeCode.objects.filter(key=new_key()).count() == 2


def test_a_key_of_the_activation_is_not_confirmed_here(
    signed_in: Client, holder: KeyHolder
) -> None:
    key = make_key(holder, KeyKind.APP)
    row = DigitalKey.objects.filter(pk=key.pk)
    put(row, state=KeyState.PENDING, is_first=True)
    response = signed_in.post(CONFIRM, {"key": key.pk, "digits": digits_of(key)})
    assert response["Location"] == path("overview")
    assert new_key() == key


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_fourth_key(holder: KeyHolder, app: DigitalKey) -> None:
    now = timezone.now()
    numbers = [f"+3247000000{n}" for n in range(4)]
    keys = []
    for place, number in enumerate(numbers):
        at = now + timedelta(minutes=20 * place)
        keys.append(
            set_up_key(holder=holder, kind=KeyKind.SMS, destination=number, at=at)
        )
    OneTimeCode.objects.update(requested_at=now, valid_until=now + timedelta(hours=1))

    def confirm(key: DigitalKey) -> bool:
        try:
            add_key(holder=holder, key_id=key.pk, typed=digits_of(key), at=now)
        except CounterError:
            return False
        return True

    answers = at_once([partial(confirm, key) for key in keys])
    assert sorted(answers) == [False, False, True, True]


def test_a_phone_whose_clock_is_wrong_is_told_so(signed_in: Client) -> None:
    signed_in.post(ADD, {"kind": "app"})
    key = new_key()
    ahead = totp.digits(key.secret, totp.step_at(timezone.now()) + 10)
    response = signed_in.post(CONFIRM, {"key": key.pk, "digits": ahead})
    assert response.status_code == 422
    assert "about 5 minutes fast" in text_of(response.content)
    key.refresh_from_db()
    assert key.state == KeyState.PENDING


def test_a_message_that_does_not_come(signed_in: Client) -> None:
    """The page has the whole number, a link to type another one, and the limits."""
    to = path("add_destination", "sms")
    signed_in.post(to, {"mobile": "0470 65 43 21"})
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        page = signed_in.get(CONFIRM).content
    text = text_of(page)
    assert "0470 65 43 21" in text
    assert "They work until" in text
    assert f'href="{to}"' in page.decode()
    assert "You can ask for 4 more codes within this hour" in text
    assert "Each code can be tried 5 times" in text


def test_an_app_that_somebody_else_began_is_not_what_its_owner_confirms(
    signed_in: Client, app: DigitalKey
) -> None:
    """A stranger copied the secret of an app on a screen that was left open."""
    signed_in.post(ADD, {"kind": "app"})
    seen = new_key()
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        later = Client()
        sign_in(later, app)
        later.post(ADD, {"kind": "app"})
        shown = later.get(CONFIRM).content.decode()
        assert totp.grouped(seen.secret) not in shown
        assert "otpauth://" in shown
        old = {"key": seen.pk, "digits": digits_of(seen)}
        assert later.post(CONFIRM, old)["Location"] == path("overview")
    seen.refresh_from_db()
    assert seen.state == KeyState.PENDING
