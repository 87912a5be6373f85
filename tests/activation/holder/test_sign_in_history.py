"""The history says what each sign-in was for, from where and with which key."""

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import KeyKind, Purpose, SignInFor, SignInResult
from activation.holder.paper import recovery_codes
from activation.models import DigitalKey, KeyHolder, OneTimeCode, SignInActivity
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation import helpers
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import (
    USER_NAME,
    digits_of,
    fresh,
    make_holder,
    make_key,
    path,
    show_password,
    sign_in,
)

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
NEW = "a password nobody has yet"


@pytest.fixture
def holder(dossier: Dossier, els: Clerk) -> KeyHolder:
    return make_holder(dossier, els)


@pytest.fixture
def app(holder: KeyHolder) -> DigitalKey:
    key = make_key(holder, KeyKind.APP)
    DigitalKey.objects.filter(pk=key.pk).update(name="Peter's phone")
    return key


def rows() -> list[tuple[str, str, bool]]:
    newest_first = SignInActivity.objects.order_by("-at")
    return list(newest_first.values_list("what_for", "result", "is_new_device"))


def history(client: Client) -> str:
    return text_of(client.get(path("activity")).content)


def later(client: Client) -> None:
    """Change the session as if the key had been shown too long ago."""
    session = helpers.visit_of(client)
    entry = session["holder"]
    entry["key_shown_at"] = "2020-01-01T00:00:00+00:00"
    session["holder"] = entry
    session.save()


def show(client: Client, key: DigitalKey, to: str) -> None:
    later(client)
    page = client.get(path(to))
    assert "show/" in page["Location"]
    form = {"key": key.pk, "digits": fresh(key)}
    assert client.post(page["Location"], form)["Location"] == path(to)


# What a sign-in was for


def test_a_first_sign_in_is_from_a_new_device_and_the_next_is_not(
    app: DigitalKey,
) -> None:
    client = Client(headers={"user-agent": IPHONE})
    sign_in(client, app)
    text = history(client)
    assert "Signing in: signed in" in text
    assert "Peter&#x27;s phone (mobile app)" in text
    assert "iPhone, Safari New device" in text
    client.post(path("sign_out"))
    show_password(client)
    client.post(path("show_key"), {"key": app.pk, "digits": fresh(app)})
    assert rows() == [
        (SignInFor.SIGN_IN, SignInResult.SIGNED_IN, False),
        (SignInFor.SIGN_IN, SignInResult.SIGNED_IN, True),
    ]


@pytest.mark.parametrize(
    ("to", "what_for"),
    [
        ("add_key", SignInFor.ADD_KEY),
        ("change_email", SignInFor.EMAIL),
        ("codes", SignInFor.CODES),
    ],
)
def test_a_key_that_is_shown_once_more(
    client: Client, app: DigitalKey, to: str, what_for: SignInFor
) -> None:
    sign_in(client, app)
    show(client, app, to)
    assert rows()[0] == (what_for, SignInResult.KEY_SHOWN, False)
    assert f"{str(what_for.label).capitalize()}: key shown" in history(client)


def test_wrong_digits_for_a_change_are_in_it_too(
    client: Client, app: DigitalKey
) -> None:
    sign_in(client, app)
    later(client)
    page = client.get(path("add_key"))["Location"]
    client.post(page, {"key": app.pk, "digits": other_digits(digits_of(app))})
    assert rows()[0] == (SignInFor.ADD_KEY, SignInResult.WRONG_DIGITS, False)


def test_a_recovery_code_in_the_place_of_that_key(
    client: Client, app: DigitalKey
) -> None:
    sign_in(client, app)
    right, *_rest = recovery_codes.make_codes(holder=app.holder, at=timezone.now())
    later(client)
    page = path("prove_with_code", "add/")
    client.post(page, {"code": helpers.wrong(right.replace("-", ""))})
    client.post(page, {"code": right})
    assert rows()[:2] == [
        (SignInFor.ADD_KEY, SignInResult.CODE_USED, False),
        (SignInFor.ADD_KEY, SignInResult.WRONG_CODE, False),
    ]


def test_a_key_that_is_revoked(client: Client, app: DigitalKey) -> None:
    sign_in(client, app)
    form = {"key": app.pk, "digits": fresh(app)}
    client.post(path("revoke_key", app.pk), form)
    assert rows()[0] == (SignInFor.REVOKE_KEY, SignInResult.KEY_SHOWN, False)


def test_a_forgotten_password_from_a_device_that_is_new(
    client: Client, app: DigitalKey
) -> None:
    client.post(path("forgotten"), {"name": USER_NAME})
    mailed = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": mailed})
    wrong = {"key": app.pk, "digits": other_digits(digits_of(app))}
    client.post(path("recovery_key"), wrong)
    client.post(path("recovery_key"), {"key": app.pk, "digits": digits_of(app)})
    client.post(path("new_password"), {"password": NEW, "password_again": NEW})
    recover = SignInFor.RECOVER
    assert rows() == [
        (recover, SignInResult.RECOVERED, True),
        (recover, SignInResult.KEY_SHOWN, True),
        (recover, SignInResult.WRONG_DIGITS, True),
    ]
    assert SignInActivity.objects.filter(key=app, kind=KeyKind.APP).count() == 2


def test_the_activation_is_where_it_begins(dossier: Dossier, els: Clerk) -> None:
    client = Client(headers={"user-agent": IPHONE})
    helpers.type_code(client, *cast.make_code(dossier, els))
    helpers.choose_account(client)
    key = helpers.choose_key(client, "sms")
    form = {"key": key.pk, "digits": helpers.digits_of(key)}
    assert helpers.leads_to(client.post(helpers.path("confirm_key"), form))
    row = SignInActivity.objects.get()
    assert (row.what_for, row.result) == (SignInFor.ACTIVATE, SignInResult.ACTIVATED)
    assert (row.key, row.device, row.is_new_device) == (key, "iPhone", False)


def test_digits_that_activate_nothing_leave_no_line(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    helpers.type_code(client, *cast.make_code(dossier, els))
    helpers.choose_account(client)
    key = helpers.choose_key(client, "sms")
    form = {"key": key.pk, "digits": other_digits(helpers.digits_of(key))}
    assert client.post(helpers.path("confirm_key"), form).status_code == 422
    assert not SignInActivity.objects.exists()


# What the page shows


def test_what_is_not_known_is_said_and_no_place_is_kept(
    client: Client, app: DigitalKey
) -> None:
    sign_in(client, app)
    text = history(client)
    assert "a device that we do not know" in text
    assert "We do not keep from which place it was." in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Aanmelden: meldde zich aan"),
        ("fr", "Connexion : connecté"),
        ("de", "Anmelden: angemeldet"),
    ],
)
def test_in_the_language_of_the_page(
    client: Client, app: DigitalKey, language: str, words: str
) -> None:
    sign_in(client, app)
    text = text_of(client.get(path("activity", language=language)).content)
    assert words in text.replace("\u00a0", " ")


def test_the_list_has_a_hundred_lines_and_the_file_all(
    client: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    sign_in(client, app)
    last = SignInActivity.objects.get()
    SignInActivity.objects.bulk_create(
        SignInActivity(holder=holder, at=last.at, result=SignInResult.SIGNED_IN)
        for _row in range(104)
    )
    assert history(client).count("Signing in:") == 100
    assert "The older ones are in the file." in history(client)
    lines = client.get(path("activity_csv")).content.decode().splitlines()
    assert len(lines) == 1 + 105
