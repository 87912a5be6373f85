"""The secret of a new app is shown only to the session that began to set it up."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.holder import own_keys
from activation.models import DigitalKey, KeyHolder
from counter.models import Clerk
from counter.sign_in import totp
from tests.activation.helpers import GOOD_PASSWORD, text_of
from tests.activation.holder.helpers import MOBILE, digits_of, make_key, path, sign_in

ADD = path("add_key")
CONFIRM = path("confirm_new_key")
NEW_PASSWORD = "vijf groene stille paarden"


@pytest.fixture
def sms(holder: KeyHolder) -> DigitalKey:
    return make_key(holder, KeyKind.SMS)


def set_up_an_app(client: Client) -> DigitalKey:
    """Begin to add an app; returns the pending key whose secret the page shows."""
    assert client.post(ADD, {"kind": "app"})["Location"] == CONFIRM
    return key_on_page(client)


def key_on_page(client: Client) -> DigitalKey:
    page = client.get(CONFIRM).content.decode()
    pending = DigitalKey.objects.filter(state=KeyState.PENDING, kind=KeyKind.APP)
    return next(key for key in pending if totp.grouped(key.secret) in page)


def counter_revokes(_thief: Client, app: DigitalKey, els: Clerk) -> None:
    own_keys.revoke_key(key=app, at=timezone.now(), clerk=els, document_seen=True)


def owner_signs_out_everywhere(_thief: Client, app: DigitalKey, _els: Clerk) -> None:
    elsewhere = Client()
    sign_in(elsewhere, app)
    elsewhere.post(path("sign_out_everywhere"))


def owner_chooses_a_password(_thief: Client, app: DigitalKey, _els: Clerk) -> None:
    elsewhere = Client()
    sign_in(elsewhere, app)
    form = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    elsewhere.post(path("change_password"), {"present": GOOD_PASSWORD} | form)


def thief_signs_out(thief: Client, _app: DigitalKey, _els: Clerk) -> None:
    thief.post(path("sign_out"))


def nothing_happens(_thief: Client, _app: DigitalKey, _els: Clerk) -> None:
    pass


@pytest.mark.parametrize(
    "end",
    [
        counter_revokes,
        owner_signs_out_everywhere,
        owner_chooses_a_password,
        thief_signs_out,
        nothing_happens,
    ],
)
def test_the_owner_is_not_shown_what_a_thief_was(
    signed_in: Client,
    app: DigitalKey,
    sms: DigitalKey,
    els: Clerk,
    end: Callable[[Client, DigitalKey, Clerk], None],
) -> None:
    """A thief with the phone is signed in; then the owner adds a new app."""
    seen = set_up_an_app(signed_in).secret
    end(signed_in, app, els)
    owner, password = Client(), GOOD_PASSWORD
    if end is owner_chooses_a_password:
        password = NEW_PASSWORD
    form = {"user_name": "peter.janssens", "password": password}
    owner.post(path("sign_in"), form)
    owner.post(path("send_digits"), {"key": sms.pk})
    owner.post(path("show_key"), {"key": sms.pk, "digits": digits_of(sms)})
    key = set_up_an_app(owner)
    assert key.secret != seen
    form = {"key": str(key.pk), "digits": digits_of(key)}
    assert owner.post(CONFIRM, form)["Location"] == path("overview")
    active = DigitalKey.objects.filter(state=KeyState.ACTIVE)
    assert seen not in [key.secret for key in active]
    assert key in active


@pytest.mark.parametrize(
    "end", [counter_revokes, owner_signs_out_everywhere, owner_chooses_a_password]
)
def test_what_was_set_up_before_is_confirmed_by_nobody_after(
    signed_in: Client,
    app: DigitalKey,
    sms: DigitalKey,
    els: Clerk,
    end: Callable[[Client, DigitalKey, Clerk], None],
) -> None:
    seen = set_up_an_app(signed_in)
    form = {"key": seen.pk, "digits": digits_of(seen)}
    end(signed_in, app, els)
    assert signed_in.post(CONFIRM, form)["Location"] == path("sign_in")
    assert not own_keys.pending(seen.holder, seen.pk, at=timezone.now())
    assert not DigitalKey.objects.filter(pk=seen.pk).exists()


@pytest.mark.parametrize("step", ["reload", "back", "overview", "another kind"])
def test_in_one_session_it_stays_the_same(signed_in: Client, step: str) -> None:
    """The phone may have scanned the secret, and would show digits of no other one."""
    key = set_up_an_app(signed_in)
    if step == "reload":
        assert key_on_page(signed_in) == key
        return
    if step == "back":
        assert signed_in.get(ADD).status_code == 200
    if step == "overview":
        signed_in.get(path("overview"))
    if step == "another kind":
        number = {"mobile": "0470 65 43 21"}
        signed_in.post(path("add_destination", "sms"), number)
    assert set_up_an_app(signed_in) == key


def test_an_app_that_is_added_is_not_the_one_that_replaces(
    signed_in: Client, app: DigitalKey
) -> None:
    key = set_up_an_app(signed_in)
    signed_in.post(path("replace_key", app.pk))
    assert key_on_page(signed_in) != key
    assert key_on_page(signed_in).replaces == app


def test_the_tab_of_an_app_that_is_gone_says_so(
    signed_in: Client, app: DigitalKey, sms: DigitalKey
) -> None:
    """The password was changed in another tab of the same browser."""
    key = set_up_an_app(signed_in)
    form = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    signed_in.post(path("change_password"), {"present": GOOD_PASSWORD} | form)
    form = {"key": str(key.pk), "digits": digits_of(key)}
    page = text_of(signed_in.post(CONFIRM, form, follow=True).content)
    assert "This new key was not added. Add it once more." in page
    key = set_up_an_app(signed_in)
    form = {"key": str(key.pk), "digits": digits_of(key)}
    signed_in.post(CONFIRM, form)
    page = text_of(signed_in.post(CONFIRM, form, follow=True).content)
    assert "This was done already, here or elsewhere." in page


def test_a_number_is_set_up_once_whoever_began(
    signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    """The digits go only to the phone, and no second message is sent at once."""
    form = {"mobile": MOBILE}
    elsewhere = Client()
    sign_in(elsewhere, app)
    for client in (signed_in, elsewhere):
        client.post(path("add_destination", "sms"), form)
    key = DigitalKey.objects.get(state=KeyState.PENDING)
    assert key.one_time_codes.count() == 1
