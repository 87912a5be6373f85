"""Double clicks and several tabs, on each page where a holder changes something.

Eight requests arrive at once, all with the session as it was. They make one change, and
no answer says what is not true, such as that digits were wrong or nothing has changed.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, KeyState, Purpose
from activation.holder.sessions.holder_session import HolderSession
from activation.models import (
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
    SignInActivity,
    SignInCount,
    WrongPassword,
)
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from tests.activation.helpers import GOOD_PASSWORD, request_of
from tests.activation.helpers import path as visit_path
from tests.activation.holder.helpers import (
    USER_NAME,
    digits_of,
    fresh,
    make_key,
    path,
    show_password,
)
from tests.activation.journey.test_view_done import finish
from tests.activation.threats.crowd import cookies_of, with_cookies
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 8
OVERVIEW = path("overview")
NEW_PASSWORD = "vijf groene stille paarden"
TWICE = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}


def clicked(client: Client, url: str, form: Mapping[str, object]) -> set[str]:
    """The different answers to CLICKS posts at once; each redirect leads to a page."""
    tabs = [with_cookies(cookies_of(client)) for _ in range(CLICKS)]
    answers = at_once([partial(tab.post, url, form) for tab in tabs])
    counts = Counter(
        f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
        for answer in answers
    )
    print(f"{url}: {dict(counts)} (bound 303 each)")
    for tab, answer in zip(tabs, answers, strict=True):
        if answer.status_code == 303:
            assert tab.get(answer["Location"], follow=True).status_code == 200
    return set(counts)


def failures() -> int:
    wrong = SignInActivity.objects.filter(result__startswith="wrong").count()
    wrong += WrongPassword.objects.count()
    return wrong + sum(SignInCount.objects.values_list("failures", flat=True))


def changes(act: Change) -> int:
    return HolderChange.objects.filter(act=act).count()


def shown_long_ago(client: Client) -> None:
    request = request_of(client)
    long_ago = timezone.now() - timedelta(minutes=6)
    replace(HolderSession.here(request), key_shown_at=long_ago).save(request)
    request.session.save()


@pytest.mark.parametrize("kind", [KeyKind.APP, KeyKind.SMS])
def test_showing_a_key_signs_in_once(holder: KeyHolder, kind: KeyKind) -> None:
    key, client = make_key(holder, kind), Client()
    show_password(client)
    digits = fresh(key)
    form = {"key": key.pk, "digits": digits}
    assert clicked(client, path("show_key"), form) == {f"303 {OVERVIEW}"}
    assert SignInActivity.objects.filter(result="signed_in").count() == 1
    assert failures() == 0


def test_a_password_changes_once(signed_in: Client, holder: KeyHolder) -> None:
    epoch = holder.session_epoch
    form = {"present": GOOD_PASSWORD} | TWICE
    assert clicked(signed_in, path("change_password"), form) == {f"303 {OVERVIEW}"}
    holder.refresh_from_db()
    assert holder.check_password(NEW_PASSWORD)
    assert holder.session_epoch == epoch + 1
    assert changes(Change.PASSWORD) == 1
    assert failures() == 0


def test_an_address_changes_once(signed_in: Client, holder: KeyHolder) -> None:
    signed_in.post(path("change_email"), {"email": "new@example.net"})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.EMAIL))
    answers = clicked(signed_in, path("confirm_email"), {"digits": digits})
    assert answers == {f"303 {OVERVIEW}"}
    holder.refresh_from_db()
    assert holder.email == "new@example.net"
    assert changes(Change.EMAIL) == 1


def test_the_digits_for_a_new_address_go_out_once(signed_in: Client) -> None:
    form: dict[str, object] = {"email": "new@example.net"}
    clicked(signed_in, path("change_email"), form)
    assert OneTimeCode.objects.filter(purpose=Purpose.EMAIL).count() == 1


@pytest.mark.parametrize("own", [True, False], ids=["the one shown", "another one"])
def test_a_key_is_revoked_once(
    signed_in: Client, app: DigitalKey, holder: KeyHolder, *, own: bool
) -> None:
    target = app if own else make_key(holder, KeyKind.SMS)
    url = path("revoke_key", target.pk)
    form = {"key": app.pk, "digits": fresh(app)}
    assert clicked(signed_in, url, form) == {f"303 {OVERVIEW}"}
    target.refresh_from_db()
    assert target.state == KeyState.REVOKED
    assert changes(Change.KEY_REVOKED) == 1
    assert failures() == 0


def test_a_key_that_is_asked_for_is_shown_once(
    signed_in: Client, app: DigitalKey
) -> None:
    """Each answer leads to the page that was wanted, or asks for the key once more."""
    shown_long_ago(signed_in)
    to = path("prove", "add/")
    answers = clicked(signed_in, to, {"key": app.pk, "digits": fresh(app)})
    assert answers <= {f"303 {path('add_key')}", f"303 {to}"}
    assert failures() == 0


def test_an_app_is_set_up_once(signed_in: Client, app: DigitalKey) -> None:
    answers = clicked(signed_in, path("add_key"), {"kind": "app"})
    assert answers == {f"303 {path('confirm_new_key')}"}
    assert DigitalKey.objects.get(state=KeyState.PENDING).name == "App 2"


def test_a_number_gets_one_message(signed_in: Client) -> None:
    url = path("add_destination", "sms")
    answers = clicked(signed_in, url, {"mobile": "0470 65 43 21"})
    assert answers == {f"303 {path('confirm_new_key')}"}
    key = DigitalKey.objects.get(state=KeyState.PENDING)
    assert key.one_time_codes.count() == 1


@pytest.mark.parametrize("replaces", [True, False], ids=["replaced", "added"])
def test_a_new_key_is_confirmed_once(
    signed_in: Client, app: DigitalKey, *, replaces: bool
) -> None:
    url = path("replace_key", app.pk) if replaces else path("add_key")
    signed_in.post(url, {"kind": "app"})
    key = DigitalKey.objects.get(state=KeyState.PENDING)
    form = {"key": key.pk, "digits": digits_of(key)}
    assert clicked(signed_in, path("confirm_new_key"), form) == {f"303 {OVERVIEW}"}
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    assert changes(Change.KEY_REPLACED if replaces else Change.KEY_ADDED) == 1


def rename(app: DigitalKey) -> tuple[str, dict[str, object], Change]:
    return path("rename_key", app.pk), {"name": "my phone"}, Change.KEY_RENAMED


def read_german(_app: DigitalKey) -> tuple[str, dict[str, object], Change]:
    return path("change_language"), {"language": "de"}, Change.LANGUAGE


@pytest.mark.parametrize("change", [rename, read_german])
def test_what_leaves_the_session_as_it_is(
    signed_in: Client,
    app: DigitalKey,
    change: Callable[[DigitalKey], tuple[str, dict[str, object], Change]],
) -> None:
    url, form, act = change(app)
    assert clicked(signed_in, url, form) == {f"303 {OVERVIEW}"}
    assert changes(act) == 1
    assert signed_in.get(OVERVIEW).status_code == 200


def test_signing_out_everywhere(signed_in: Client, holder: KeyHolder) -> None:
    holder.refresh_from_db()
    epoch = holder.session_epoch
    answers = clicked(signed_in, path("sign_out_everywhere"), {})
    assert answers <= {f"303 {OVERVIEW}", f"303 {path('sign_in')}"}
    holder.refresh_from_db()
    assert holder.session_epoch == epoch + 1


def test_each_step_of_a_recovery(app: DigitalKey, holder: KeyHolder) -> None:
    """Each step is clicked in its own browser; the steps before it need one click."""
    for steps in (1, 2, 3):
        OneTimeCode.objects.all().delete()
        client = Client()
        client.post(path("forgotten"), {"name": USER_NAME})
        sent = OneTimeCode.objects.get(purpose=Purpose.RECOVER)
        ways: list[tuple[str, dict[str, object], str]] = [
            ("recovery_code", {"digits": one_time_text(sent)}, "recovery_key"),
            ("recovery_key", {"key": app.pk, "digits": fresh(app)}, "new_password"),
            ("new_password", {**TWICE}, "sign_in"),
        ]
        for name, form, _to in ways[: steps - 1]:
            assert client.post(path(name), form).status_code == 303
        name, form, to = ways[steps - 1]
        assert clicked(client, path(name), form) == {f"303 {path(to)}"}
    assert changes(Change.PASSWORD) == 1
    assert failures() == 0


def test_the_way_to_a_second_key_is_taken_once(dossier: Dossier, els: Clerk) -> None:
    client = Client()
    finish(client, dossier, els, "app")
    answers = clicked(client, visit_path("add_second_key"), {})
    assert answers == {f"303 {path('add_key')}"}
    assert SignInActivity.objects.filter(result="signed_in").count() == 1


def test_a_second_click_after_the_first_was_answered_leads_to_the_same_page(
    dossier: Dossier, els: Clerk
) -> None:
    """The second click has the session that ended; the browser keeps the new one."""
    client = Client()
    finish(client, dossier, els, "app")
    late = with_cookies(cookies_of(client))
    for to, page in (("", "add_key"), ("codes", "codes")):
        client.post(visit_path("add_second_key"), {"to": to})
        second = late.post(visit_path("add_second_key"), {"to": to})
        assert second.status_code == 303
        assert second["Location"] == path(page)
        assert not second.cookies
        assert client.get(second["Location"]).status_code == 200


def test_another_tab_does_not_undo_what_the_first_one_did(
    signed_in: Client, app: DigitalKey
) -> None:
    """One tab changes the password, seven rename a key: nobody gets an error."""
    tabs = [with_cookies(cookies_of(signed_in)) for _ in range(CLICKS)]
    forms: list[tuple[str, dict[str, str]]] = [
        (path("change_password"), {"present": GOOD_PASSWORD} | TWICE),
        *[(path("rename_key", app.pk), {"name": "my phone"})] * (CLICKS - 1),
    ]
    answers = at_once(
        [partial(tab.post, *form) for tab, form in zip(tabs, forms, strict=True)]
    )
    assert {answer.status_code for answer in answers} == {303}
    assert changes(Change.PASSWORD) == 1
    show_password(Client(), password=NEW_PASSWORD)


def second_click(client: Client, url: str, form: Mapping[str, object]) -> str:
    """Click once more after the first answer; returns where both answers lead."""
    late = with_cookies(cookies_of(client))
    first = client.post(url, form)
    answer = late.post(url, form)
    assert (first.status_code, answer.status_code) == (303, 303)
    assert answer["Location"] == first["Location"]
    # The browser already has the first answer's cookies, and now gets the second's.
    client.cookies.update(answer.cookies)
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


def test_a_second_click_after_the_answer_leads_on_as_well(
    signed_in: Client, app: DigitalKey, holder: KeyHolder
) -> None:
    form = {"key": app.pk, "digits": fresh(app)}
    url = path("revoke_key", make_key(holder, KeyKind.SMS).pk)
    assert second_click(signed_in, url, form) == OVERVIEW
    assert changes(Change.KEY_REVOKED) == 1
    assert failures() == 0


def test_a_late_second_click_does_not_begin_a_recovery_anew(app: DigitalKey) -> None:
    client = Client()
    client.post(path("forgotten"), {"name": USER_NAME})
    sent = OneTimeCode.objects.get(purpose=Purpose.RECOVER)
    digits = {"digits": one_time_text(sent)}
    key = {"key": app.pk, "digits": fresh(app)}
    assert second_click(client, path("recovery_code"), digits) == path("recovery_key")
    assert second_click(client, path("recovery_key"), key) == path("new_password")
    assert second_click(client, path("new_password"), TWICE) == path("sign_in")
    assert changes(Change.PASSWORD) == 1
    assert failures() == 0
