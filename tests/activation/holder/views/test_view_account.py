"""A holder's contact address and language, and the activity of six months."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, SignInResult
from activation.holder.account import ask_for_email
from activation.models import DigitalKey, HolderChange, KeyHolder, SignInActivity
from activation.one_time.digits import one_time_text
from counter.retention import running
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import path, sign_in

OVERVIEW = path("overview")


def test_a_new_address_counts_once_it_is_confirmed(
    signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    page, confirm = path("change_email"), path("confirm_email")
    assert signed_in.get(confirm)["Location"] == page
    assert signed_in.post(page, {"email": "nothing"}).status_code == 422
    response = signed_in.post(page, {"email": "new@example.net"})
    assert response["Location"] == confirm
    holder.refresh_from_db()
    assert holder.email == "peter@example.org"
    code = holder.one_time_codes.get()
    assert code.destination == "new@example.net"
    digits = one_time_text(code)
    assert "six digits to new@example.net" in text_of(signed_in.get(confirm).content)
    elsewhere = Client()
    sign_in(elsewhere, app)
    assert "n•••@ex•••.net" in text_of(elsewhere.get(confirm).content)
    wrong = {"digits": other_digits(digits)}
    assert signed_in.post(confirm, wrong).status_code == 422
    assert signed_in.post(confirm, {"digits": digits})["Location"] == OVERVIEW
    holder.refresh_from_db()
    assert (holder.email, holder.new_email) == ("new@example.net", "")
    change = HolderChange.objects.get(act=Change.OLD_EMAIL)
    assert change.old_email == "peter@example.org"
    assert HolderChange.objects.filter(act=Change.EMAIL).exists()


@pytest.mark.parametrize(
    ("answer", "sent_to"),
    [
        ({"slip": "mended", "doubted": "nieuw@gmial.com"}, "nieuw@gmail.com"),
        ({"slip": "typed", "doubted": "nieuw@gmial.com"}, "nieuw@gmial.com"),
        # The address was changed since, so the answer is about another address.
        ({"slip": "typed", "doubted": "nieuw@hotmial.com"}, ""),
        ({"slip": "mended", "email": "nieuw@example.net"}, "nieuw@example.net"),
    ],
)
def test_a_slip_in_a_new_address_is_asked_about(
    signed_in: Client, holder: KeyHolder, answer: dict[str, str], sent_to: str
) -> None:
    page = path("change_email")
    form = {"email": "nieuw@gmial.com"}
    response = signed_in.post(page, form)
    assert response.status_code == 422
    assert "Did you mean nieuw@gmail.com?" in text_of(response.content)
    assert 'value="nieuw@gmial.com"' in response.content.decode()
    assert not holder.one_time_codes.exists()
    response = signed_in.post(page, form | answer)
    assert response.status_code == (303 if sent_to else 422)
    holder.refresh_from_db()
    assert holder.new_email == sent_to
    assert holder.one_time_codes.exists() == bool(sent_to)


def test_an_address_is_shown_as_its_owner_writes_it(
    signed_in: Client, holder: KeyHolder
) -> None:
    signed_in.post(path("change_email"), {"email": "nieuw@straße.de"})
    holder.refresh_from_db()
    assert holder.new_email == "nieuw@xn--strae-oqa.de"
    page = text_of(signed_in.get(path("confirm_email")).content)
    assert "nieuw@straße.de" in page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nieuw@gmail,com", "nieuw@gmail.com"),
        ("nieuw@ gmail.com", "nieuw@gmail.com"),
        ("n\u0131euw@gmail.com", "nieuw@gmail.com"),
        ("mar jan@gmail.com", ""),
        ("nieuw@x@y.be", ""),
    ],
)
def test_what_is_no_address_is_kept_on_the_page_and_mended_with_one_press(
    signed_in: Client, holder: KeyHolder, typed: str, meant: str
) -> None:
    page = path("change_email")
    response = signed_in.post(page, {"email": typed})
    assert response.status_code == 422
    assert f'value="{typed}"' in response.content.decode()
    assert 'value="typed"' not in response.content.decode()
    assert ('value="mended"' in response.content.decode()) is bool(meant)
    response = signed_in.post(page, {"email": typed, "slip": "typed"})
    assert response.status_code == 422
    response = signed_in.post(page, {"email": typed, "slip": "mended"})
    assert response.status_code == (303 if meant else 422)
    holder.refresh_from_db()
    assert holder.new_email == meant


def test_an_address_typed_in_another_session_stays_masked(
    signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    signed_in.post(path("change_email"), {"email": "first@example.net"})
    elsewhere = Client()
    sign_in(elsewhere, app)
    holder.one_time_codes.update(requested_at=timezone.now() - timedelta(minutes=1))
    elsewhere.post(path("change_email"), {"email": "second@example.net"})
    for client, shown in ((signed_in, "s•••@ex•••.net"), (elsewhere, "second@")):
        assert shown in text_of(client.get(path("confirm_email")).content)


def test_digits_for_one_address_do_not_confirm_another(
    signed_in: Client, holder: KeyHolder
) -> None:
    signed_in.post(path("change_email"), {"email": "new@example.net"})
    digits = one_time_text(holder.one_time_codes.get())
    signed_in.post(path("change_email"), {"email": "third@example.net"})
    response = signed_in.post(path("confirm_email"), {"digits": digits})
    assert response.status_code == 422
    holder.refresh_from_db()
    assert holder.email == "peter@example.org"


def test_an_address_that_gets_no_digits_leaves_the_one_before(
    signed_in: Client, holder: KeyHolder
) -> None:
    for number in range(6):
        form = {"email": f"new{number}@example.net"}
        response = signed_in.post(path("change_email"), form)
    assert "You can press “Go on” tomorrow" in text_of(response.content)
    digits = one_time_text(holder.one_time_codes.get(state="live"))
    signed_in.post(path("confirm_email"), {"digits": digits})
    holder.refresh_from_db()
    assert holder.email == "new4@example.net"


def test_the_language_of_mails(signed_in: Client, holder: KeyHolder) -> None:
    page = path("change_language")
    assert 'value="de"' in signed_in.get(page).content.decode()
    assert signed_in.post(page, {"language": "xx"}).status_code == 422
    assert signed_in.post(page, {"language": "de"})["Location"] == OVERVIEW
    holder.refresh_from_db()
    assert holder.language == "de"
    signed_in.post(page, {"language": "de"})
    assert HolderChange.objects.filter(act=Change.LANGUAGE).count() == 1


@pytest.fixture
def past(signed_in: Client, holder: KeyHolder, app: DigitalKey) -> None:
    now = timezone.now()
    for days in (1, 182, 184):
        SignInActivity.objects.create(
            holder=holder,
            key=app,
            kind=KeyKind.APP,
            at=now - timedelta(days=days),
            device="iPhone",
            browser=f"Browser {days}",
            result=SignInResult.WRONG_DIGITS,
        )
    DigitalKey.objects.update(name="=cmd()")


def test_six_months_of_activity(signed_in: Client, past: None) -> None:
    page = text_of(signed_in.get(path("activity")).content)
    assert "Signing in: wrong digits" in page
    assert "iPhone, Browser 182" in page
    assert "Browser 184" not in page


def test_activity_as_a_file(signed_in: Client, past: None) -> None:
    response = signed_in.get(path("activity_csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "time;what for;result;name of the key;kind of key;device;browser;new device"
    )
    assert len(lines) == 4
    assert lines[2].endswith(
        ";signing in;wrong digits;'=cmd();mobile app;iPhone;Browser 1;no"
    )


def test_older_activity_is_forgotten(signed_in: Client, past: None) -> None:
    assert running.run(at=timezone.now(), seconds=60) == 1
    assert not SignInActivity.objects.filter(browser="Browser 184").exists()


def test_one_time_codes_are_forgotten_after_a_week(
    signed_in: Client, holder: KeyHolder
) -> None:
    now = timezone.now()
    ask_for_email(holder=holder, email="new@example.net", at=now - timedelta(days=8))
    ask_for_email(holder=holder, email="new@example.net", at=now)
    assert running.run(at=now, seconds=60) == 1
    assert holder.one_time_codes.count() == 1
