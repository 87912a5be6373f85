"""Whoever finds a session left open has to show a key to add one, or an address."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, KeyState, SignInFor, SignInResult
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInActivity
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from tests.activation.helpers import (
    choose_account,
    choose_key,
    other_digits,
    text_of,
    type_code,
    visit_of,
)
from tests.activation.helpers import digits_of as first_digits
from tests.activation.helpers import path as activation_path
from tests.activation.holder.helpers import digits_of, fresh, make_key, path, sign_in
from tests.cast import make_code

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SHOWN_FOR = 5 * MINUTE
OVERVIEW = path("overview")
NUMBER = {"mobile": "0470 65 43 21"}
TO_NUMBER = path("add_destination", "sms")
GUARDED = {
    path("add_key"): {"kind": "app"},
    TO_NUMBER: NUMBER,
    path("confirm_new_key"): {"digits": "123456"},
    path("change_email"): {"email": "thief@example.net"},
    path("confirm_email"): {"digits": "123456"},
}


def prove(page: str) -> str:
    return path("prove", page.removeprefix(OVERVIEW))


def send(page: str) -> str:
    return path("prove_send", page.removeprefix(OVERVIEW))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def left_open(clock: time_machine.Traveller, signed_in: Client) -> Client:
    """A browser in which the holder signed in five minutes ago."""
    clock.shift(SHOWN_FOR)
    return signed_in


def show(client: Client, key: DigitalKey, page: str, **more: str) -> str:
    """Show the key on the way to a page; returns where the browser is sent then."""
    form = {"key": key.pk, "digits": fresh(key), **more}
    answer = client.post(prove(page), form)
    assert answer.status_code in {303, 307}, text_of(answer.content)
    return str(answer["Location"])


@pytest.mark.parametrize("page", GUARDED)
def test_a_session_left_open_adds_no_key_and_changes_no_address(
    left_open: Client, holder: KeyHolder, page: str
) -> None:
    assert left_open.get(page)["Location"] == prove(page)
    answer = left_open.post(page, GUARDED[page])
    assert answer.status_code in {303, 403}
    assert not DigitalKey.objects.filter(state=KeyState.PENDING).exists()
    assert not OneTimeCode.objects.exists()
    holder.refresh_from_db()
    assert (holder.email, holder.new_email) == ("peter@example.org", "")


def test_not_even_a_key_that_waits_to_be_confirmed(
    clock: time_machine.Traveller, signed_in: Client
) -> None:
    """Its QR code too is only for somebody who showed a key just before."""
    signed_in.post(path("add_key"), {"kind": "app"})
    pending = DigitalKey.objects.get(state=KeyState.PENDING)
    clock.shift(SHOWN_FOR)
    confirm = path("confirm_new_key")
    for page in (confirm, path("new_key_qr", pending.pk)):
        assert signed_in.get(page)["Location"] == prove(page)
    form = {"key": pending.pk, "digits": digits_of(pending)}
    assert signed_in.post(confirm, form)["Location"] == prove(confirm)
    pending.refresh_from_db()
    assert pending.state == KeyState.PENDING


def test_a_key_was_shown_to_sign_in(
    clock: time_machine.Traveller, signed_in: Client
) -> None:
    clock.shift(SHOWN_FOR - SECOND)
    assert signed_in.get(path("add_key")).status_code == 200
    clock.shift(SECOND)
    assert signed_in.get(path("add_key")).status_code == 303
    assert signed_in.get(OVERVIEW).status_code == 200


def test_show_the_key_and_go_on(
    left_open: Client, app: DigitalKey, clock: time_machine.Traveller
) -> None:
    page = path("add_key")
    asked = text_of(left_open.get(page, follow=True).content)
    assert "Show your key" in asked
    assert "more than 5 minutes ago" in asked
    wrong = {"key": app.pk, "digits": other_digits(fresh(app))}
    assert left_open.post(prove(page), wrong).status_code == 422
    assert left_open.get(page).status_code == 303
    before = visit_of(left_open).session_key
    assert show(left_open, app, page) == page
    assert visit_of(left_open).session_key != before
    assert left_open.get(prove(page))["Location"] == page
    clock.shift(SHOWN_FOR - SECOND)
    assert left_open.get(page).status_code == 200
    clock.shift(SECOND)
    assert left_open.get(page).status_code == 303


def test_a_number_typed_too_late_is_not_lost(
    clock: time_machine.Traveller, signed_in: Client, app: DigitalKey
) -> None:
    """The number is kept in the page through a wrong try, and then sent on."""
    assert signed_in.get(TO_NUMBER).status_code == 200
    clock.shift(SHOWN_FOR)
    answer = signed_in.post(TO_NUMBER, NUMBER)
    assert answer.status_code == 403
    kept = '<input type="hidden" name="mobile" value="0470 65 43 21">'
    assert kept in answer.content.decode()
    assert f'action="{prove(TO_NUMBER)}"' in answer.content.decode()
    form = {"key": app.pk, "digits": other_digits(fresh(app)), **NUMBER}
    assert kept in signed_in.post(prove(TO_NUMBER), form).content.decode()
    form["digits"] = fresh(app)
    answer = signed_in.post(prove(TO_NUMBER), form, follow=True)
    assert answer.redirect_chain == [(TO_NUMBER, 307), (path("confirm_new_key"), 303)]
    assert "0470 65 43 21" in text_of(answer.content)
    kept = str(dict(visit_of(signed_in).items()))
    assert "0470 65" not in kept
    assert "470654321" not in kept


def test_shown_by_message_an_address_is_not_lost_either(
    clock: time_machine.Traveller, signed_in: Client, holder: KeyHolder
) -> None:
    sms = make_key(holder, KeyKind.SMS)
    clock.shift(SHOWN_FOR)
    signed_in.post(path("change_email"), {"email": "new@example.net"})
    page = path("change_email")
    form = {"key": sms.pk, "email": "new@example.net"}
    answer = signed_in.post(send(page), form)
    assert "We sent a text message" in text_of(answer.content)
    assert 'name="email" value="new@example.net"' in answer.content.decode()
    clock.shift(31 * SECOND)
    form["digits"] = digits_of(sms)
    answer = signed_in.post(prove(page), form, follow=True)
    assert answer.redirect_chain[-1] == (path("confirm_email"), 303)
    holder.refresh_from_db()
    assert holder.new_email == "new@example.net"


def test_chosen_on_the_way_without_a_form(left_open: Client, holder: KeyHolder) -> None:
    sms = make_key(holder, KeyKind.SMS)
    page = path("add_key")
    answer = left_open.post(send(page), {"key": sms.pk}, follow=True)
    assert answer.redirect_chain == [(prove(page), 303)]
    assert "We sent a text message" in text_of(answer.content)
    form = {"key": sms.pk, "digits": digits_of(sms)}
    assert left_open.post(prove(page), form)["Location"] == page


def test_a_key_shown_to_revoke_counts_as_well(
    left_open: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    sms = make_key(holder, KeyKind.SMS)
    form = {"key": app.pk, "digits": fresh(app)}
    left_open.post(path("revoke_key", sms.pk), form)
    assert left_open.get(path("add_key")).status_code == 200


def test_revoking_asks_each_time(signed_in: Client, holder: KeyHolder) -> None:
    sms = make_key(holder, KeyKind.SMS)
    assert signed_in.post(path("revoke_key", sms.pk), {}).status_code == 422


def test_the_new_address_is_confirmed_after_the_key(
    clock: time_machine.Traveller, signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    """The mail came late: its digits still work once the key is shown again."""
    signed_in.post(path("change_email"), {"email": "new@example.net"})
    clock.shift(6 * MINUTE)
    page = path("confirm_email")
    form = {"digits": one_time_text(holder.one_time_codes.get())}
    assert signed_in.post(page, form)["Location"] == prove(page)
    assert show(signed_in, app, page) == page
    assert signed_in.post(page, form)["Location"] == OVERVIEW
    holder.refresh_from_db()
    assert holder.email == "new@example.net"


def test_the_time_of_the_activation_counts(
    client: Client, dossier: Dossier, els: Clerk, clock: time_machine.Traveller
) -> None:
    """For five minutes no key is asked for; after that, the new one has to be shown."""
    type_code(client, *make_code(dossier, els))
    choose_account(client)
    key = choose_key(client, "app")
    form = {"key": key.pk, "digits": first_digits(key)}
    client.post(activation_path("confirm_key"), form)
    clock.shift(4 * MINUTE)
    answer = client.post(activation_path("add_second_key"), follow=True)
    assert answer.redirect_chain == [(path("add_key"), 303)]
    clock.shift(MINUTE)
    assert client.get(path("add_key"))["Location"] == prove(path("add_key"))


def test_only_a_page_of_one_s_own_follows(left_open: Client, app: DigitalKey) -> None:
    for to in ("/example.org/", "../a/", "nowhere/", "show/../../../admin/logout/"):
        form = {"key": app.pk, "digits": fresh(app)}
        assert left_open.post(path("prove", to), form)["Location"] == OVERVIEW


def test_a_page_that_asks_for_no_key_gets_none(
    left_open: Client, app: DigitalKey
) -> None:
    """A key shown there would have no purpose, and the history names a purpose."""
    before = SignInActivity.objects.count()
    for page in (path("activity"), path("change_password")):
        assert left_open.get(prove(page))["Location"] == OVERVIEW
        form = {"key": app.pk, "digits": fresh(app)}
        assert left_open.post(prove(page), form)["Location"] == OVERVIEW
    assert SignInActivity.objects.count() == before


def test_the_picture_of_a_new_app_has_the_reason_of_its_page(
    clock: time_machine.Traveller, signed_in: Client, app: DigitalKey
) -> None:
    signed_in.post(path("add_key"), {"kind": "app"})
    picture = path("new_key_qr", DigitalKey.objects.get(state=KeyState.PENDING).pk)
    clock.shift(SHOWN_FOR)
    assert show(signed_in, app, picture) == picture
    last = SignInActivity.objects.latest("at")
    assert (last.what_for, last.result) == (SignInFor.ADD_KEY, SignInResult.KEY_SHOWN)


def test_the_session_keeps_the_time_alone(left_open: Client, app: DigitalKey) -> None:
    show(left_open, app, path("add_key"))
    kept = str(dict(visit_of(left_open).items()))
    # None has only hexadecimal digits, so no random identifier contains it by chance.
    for secret in (app.secret, "peter", "add_key"):
        assert secret not in kept


def test_without_a_key_to_show_the_counter_helps(
    left_open: Client, app: DigitalKey
) -> None:
    DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=timezone.now())
    page = path("add_key")
    assert left_open.get(prove(page))["Location"] == path("no_key")


def test_signed_out_nothing_is_asked(client: Client, app: DigitalKey) -> None:
    page = prove(path("add_key"))
    assert client.get(page)["Location"] == path("sign_in")
    sign_in(client, app)
    client.post(path("sign_out"))
    assert client.get(path("add_key"))["Location"] == path("sign_in")
