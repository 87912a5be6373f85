"""Ten codes on paper: each takes the place of a key once, and of nothing else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, KeyState, Purpose, SignInResult
from activation.holder import own_keys
from activation.holder.own_keys import revoke_key
from activation.models import (
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
    RecoveryCode,
    SignInActivity,
)
from activation.one_time.digits import one_time_text
from counter.models import Clerk, Dossier
from tests.activation.helpers import (
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    type_code,
    wrong,
)
from tests.activation.helpers import path as journey
from tests.activation.holder.helpers import (
    USER_NAME,
    make_holder,
    make_key,
    path,
    show_password,
    sign_in,
)
from tests.cast import make_code, make_dossier

NEW_PASSWORD = "vijf groene stille paarden"


@pytest.fixture
def mailbox(dossier: Dossier, els: Clerk) -> DigitalKey:
    """The only key of a holder, who chose an e-mail."""
    holder = make_holder(dossier, els)
    return make_key(holder, KeyKind.EMAIL, destination=holder.email)


@pytest.fixture
def sheet(mailbox: DigitalKey) -> list[str]:
    browser = Client()
    sign_in(browser, mailbox)
    return made(browser)


def made(browser: Client) -> list[str]:
    page = browser.post(path("codes"))
    return re.findall(r"<li><code>([0-9A-Z-]+)</code>", page.content.decode())


def at_the_key(browser: Client) -> None:
    """Type the digits of the mail, so that the browser is asked for a key."""
    browser.post(path("forgotten"), {"name": USER_NAME})
    code = OneTimeCode.objects.filter(purpose=Purpose.RECOVER).latest("requested_at")
    response = browser.post(path("recovery_code"), {"digits": one_time_text(code)})
    assert response["Location"] == path("recovery_key")


def test_who_has_only_an_email_gets_in_again_with_a_code(sheet: list[str]) -> None:
    browser = Client()
    at_the_key(browser)
    asked = browser.get(path("recovery_key"))
    assert asked["Location"] == path("recover_with_code")
    response = browser.post(path("recover_with_code"), {"code": sheet[0]})
    assert response["Location"] == path("new_password")
    form = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    assert browser.post(path("new_password"), form).status_code == 303
    assert KeyHolder.objects.get().check_password(NEW_PASSWORD)


def test_beside_the_password_it_takes_the_place_of_a_key(sheet: list[str]) -> None:
    browser = Client()
    show_password(browser)
    response = browser.post(path("sign_in_with_code"), {"code": sheet[3].lower()})
    assert response["Location"] == path("overview")
    assert browser.get(path("overview")).status_code == 200
    assert HolderChange.objects.filter(act=Change.CODE_USED).count() == 1
    last = SignInActivity.objects.latest("at")
    assert last.result == SignInResult.RECOVERY_CODE


def test_a_code_alone_opens_nothing(sheet: list[str]) -> None:
    browser = Client()
    for page in ("sign_in_with_code", "recover_with_code"):
        response = browser.post(path(page), {"code": sheet[0]}, follow=True)
        assert "_auth_user_id" not in browser.session
        assert browser.get(path("overview"))["Location"] == path("sign_in")
        assert response.status_code == 200
    assert not RecoveryCode.objects.exclude(used_at=None).exists()


def test_each_works_once(sheet: list[str]) -> None:
    for status in (303, 422):
        browser = Client()
        show_password(browser)
        response = browser.post(path("sign_in_with_code"), {"code": sheet[0]})
        assert response.status_code == status
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_new_ones_end_those_before(mailbox: DigitalKey) -> None:
    browser = Client()
    sign_in(browser, mailbox)
    old, new = made(browser), made(browser)
    assert len(set(old) | set(new)) == 20
    other = Client()
    show_password(other)
    assert other.post(path("sign_in_with_code"), {"code": old[0]}).status_code == 422
    assert other.post(path("sign_in_with_code"), {"code": new[0]}).status_code == 303
    assert HolderChange.objects.filter(act=Change.CODES_MADE).count() == 2


def test_wrong_ones_have_to_wait_like_wrong_digits(sheet: list[str]) -> None:
    browser = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        show_password(browser)
        form = {"code": wrong(sheet[0].replace("-", ""))}
        for _try in range(10):
            assert browser.post(path("sign_in_with_code"), form).status_code == 422
        # After the tenth the next code has to wait, also a right one.
        right = {"code": sheet[0]}
        assert browser.post(path("sign_in_with_code"), right).status_code == 422
        clock.shift(timedelta(minutes=1))
        assert browser.post(path("sign_in_with_code"), right).status_code == 303


def test_a_typing_slip_costs_no_try(sheet: list[str]) -> None:
    browser = Client()
    show_password(browser)
    for _try in range(12):
        browser.post(path("sign_in_with_code"), {"code": sheet[0][:-1]})
    response = browser.post(path("sign_in_with_code"), {"code": sheet[0]})
    assert response.status_code == 303


def test_without_a_key_that_works_the_paper_does_not_either(sheet: list[str]) -> None:
    browser = Client()
    show_password(browser)
    DigitalKey.objects.update(valid_until=timezone.now() + timedelta(microseconds=1))
    response = browser.post(path("sign_in_with_code"), {"code": sheet[0]})
    assert response["Location"] == path("no_key")


@pytest.mark.parametrize("is_typed_before", [True, False])
def test_a_key_made_anew_does_not_revive_the_sheet(
    sheet: list[str], mailbox: DigitalKey, els: Clerk, *, is_typed_before: bool
) -> None:
    """An intruder made the sheet, so the counter revokes the only key.

    Also when the person typed the new code before that, and keeps the account.
    """
    holder = mailbox.holder
    code, text = make_code(make_dossier(holder.applicant, els), els)
    browser = Client()
    if is_typed_before:
        type_code(browser, code, text)
        browser.get(journey("choose_account"))  # shows the account, which has a key
    revoke_key(key=mailbox, at=timezone.now(), clerk=els, document_seen=True)
    if not is_typed_before:
        type_code(browser, code, text)
        choose_account(browser, USER_NAME)
    key = choose_key(browser, "app")
    form = {"key": key.pk, "digits": digits_of(key)}
    assert leads_to(browser.post(journey("confirm_key"), form)) == journey("done")
    intruder = Client()
    at_the_key(intruder)
    answer = intruder.post(path("recover_with_code"), {"code": sheet[0]})
    assert answer.status_code == 422
    assert not RecoveryCode.objects.exists()


def test_nor_does_a_key_added_after_the_last_one_was_revoked(
    sheet: list[str], mailbox: DigitalKey
) -> None:
    """The holder, who is signed in still, revoked it on another page."""
    holder, now = mailbox.holder, timezone.now()
    revoke_key(key=mailbox, at=now)
    added = own_keys.set_up_key(holder=holder, kind=KeyKind.APP, at=now)
    later = now + timedelta(minutes=1)
    with time_machine.travel(later):
        code = digits_of(added)
        own_keys.add_key(holder=holder, key_id=added.pk, typed=code, at=later)
    assert not RecoveryCode.objects.exists()


def test_a_second_code_from_the_counter_leaves_the_sheet(
    sheet: list[str], mailbox: DigitalKey, els: Clerk
) -> None:
    browser = Client()
    dossier = make_dossier(mailbox.holder.applicant, els)
    type_code(browser, *make_code(dossier, els))
    browser.get(journey("choose_account"))
    key = choose_key(browser, "app")
    browser.post(journey("confirm_key"), {"key": key.pk, "digits": digits_of(key)})
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 2
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_they_are_hashed_and_told_once(sheet: list[str], mailbox: DigitalKey) -> None:
    assert len(sheet) == 10
    bare = {code.replace("-", "") for code in sheet}
    assert {code.mark for code in RecoveryCode.objects.all()} == {c[:4] for c in bare}
    kept = " ".join(RecoveryCode.objects.values_list("hashed", flat=True))
    assert not [code for code in bare if code in kept]


def test_the_file_has_the_same_codes_and_no_others(mailbox: DigitalKey) -> None:
    browser = Client()
    sign_in(browser, mailbox)
    page = browser.post(path("codes")).content.decode()
    codes = re.findall(r"<li><code>([0-9A-Z-]+)</code>", page)
    signed = re.search(r'name="codes" value="([^"]+)"', page)
    assert signed
    sent = {"codes": signed[1]}
    file = browser.post(path("codes_file"), sent)
    assert file["Content-Type"].startswith("text/plain")
    assert [code for code in codes if code in file.content.decode()] == codes
    forged = browser.post(path("codes_file"), {"codes": signed[1] + "x"})
    assert forged["Location"] == path("codes")
