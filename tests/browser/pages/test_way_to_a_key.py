"""The applicant's pages: the way to a key, and the pages where it ends early."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activation.codes import links
from activation.enums import KeyKind
from activation.exceptions import OneTimeCodeError, TooManyRequestsError
from activation.journey.activating import activate_key
from activation.journey.times import DONE_FOR
from activation.models import DigitalKey
from activation.one_time import one_time
from activation.querysets import TRIES_A_CODE
from activation.web.throttling import A_MINUTE, count_request
from counter.models import Clerk, Dossier
from payments.enums import ReversalReason
from payments.reversals.reversing import ask_reversal
from tests import cast
from tests.activation.addresses.changing import changed
from tests.activation.helpers import (
    GOOD_PASSWORD,
    MOBILE,
    digits_of,
    link,
    other_digits,
    path,
    wrong,
)
from tests.activation.holder.helpers import make_holder, make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.pages.looking import Visitor
from tests.payments.reversals.test_service_reversing import paid

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def test_from_the_link_to_the_key(
    visitor: Visitor, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    visitor.goto(path("enter_code"))
    visitor.look("web/link_needed.html")
    visitor.goto(link(code))
    visitor.look("journey/enter_code.html")
    visitor.press(code=text[:13] + ("A" if text[13] != "A" else "B"))
    visitor.look("journey/enter_code.html", languages=())
    visitor.press(code=text)
    visitor.look("journey/choose_account.html")
    come_past_the_account(visitor, "te kort")
    visitor.look("journey/choose_account.html", languages=())
    come_past_the_account(visitor)
    visitor.look("journey/choose_key.html")
    visitor.choose(KeyKind.SMS)
    visitor.look("journey/enter_number.html")
    visitor.press(mobile="0470 12")
    visitor.look("journey/enter_number.html", languages=())
    visitor.press(mobile=MOBILE)
    visitor.look("journey/confirm_key.html")
    visitor.goto(path("choose_key"))
    visitor.choose(KeyKind.APP)
    visitor.look("journey/confirm_key.html")
    visitor.press(digits="12")
    visitor.look("journey/confirm_key.html", languages=())
    visitor.press(digits=digits_of(DigitalKey.objects.get(kind=KeyKind.APP)))
    visitor.look("journey/done.html")
    here = visitor.page.url
    with time_machine.travel(timezone.now() + DONE_FOR + timedelta(minutes=1)):
        visitor.page.goto(here)
        visitor.look("web/done_before.html")


def come_past_the_account(visitor: Visitor, password: str = GOOD_PASSWORD) -> None:
    again = visitor.page.locator("#id_password_again")
    if again.count() and again.is_visible():
        again.fill(password)
    visitor.press(password=password)


def test_who_was_here_before(visitor: Visitor, dossier: Dossier, els: Clerk) -> None:
    holder = make_holder(dossier, els)
    for kind in (KeyKind.APP, KeyKind.SMS):
        make_key(holder, kind)
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    again = cast.make_dossier(holder.applicant, els, email="new@example.org")
    code, text = cast.make_code(again, els)
    visitor.goto(link(code))
    visitor.press(code=text)
    visitor.look("journey/known_account.html")
    visitor.goto(path("renew_password"))
    visitor.look("journey/renew_password.html")
    visitor.goto(path("choose_key"))
    visitor.look("web/no_room.html")


def test_who_did_not_ask(visitor: Visitor, dossier: Dossier, els: Clerk) -> None:
    code, _text = cast.make_code(dossier, els)
    change = changed(dossier, els, code)
    refusal = path("open_refusal", links.token(change))
    visitor.goto(refusal)
    visitor.look("journey/refusing/not_my_change.html")
    visitor.press()
    visitor.look("journey/refusing/not_my_change.html", languages=())
    visitor.page.locator("label[for=id_sure]").click()
    visitor.press()
    visitor.look("journey/refusing/change_stopped.html")
    with time_machine.travel(change.at + timedelta(days=15)):
        visitor.goto(refusal)
        visitor.look("journey/refusing/change_too_old.html")
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    other, _text = cast.make_code(cast.make_dossier(anna, els), els)
    visitor.goto(path("open_refusal", links.token(other)))
    visitor.look("journey/refusing/not_mine.html")
    visitor.page.locator("label[for=id_sure]").click()
    visitor.press()
    visitor.look("journey/refusing/frozen.html")


def test_codes_and_links_that_do_not_work(
    visitor: Visitor, dossier: Dossier, els: Clerk
) -> None:
    visitor.goto(path("open_link", "A" * 64))
    visitor.look("web/link_ended.html")
    payment = paid(dossier, els)
    code = dossier.codes.get()
    ask_reversal(
        payment=payment,
        clerk=els,
        reason=ReversalReason.WRONG_PERSON,
        at=timezone.now(),
    )
    visitor.goto(link(code))
    visitor.look("web/on_hold.html")
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    code, text = cast.make_code(cast.make_dossier(anna, els), els)
    visitor.goto(link(code))
    for _try in range(5):
        visitor.press(code=wrong(text))
    visitor.look("web/code_locked.html")


def test_digits_that_do_not_work(
    visitor: Visitor, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    come_to_the_digits(visitor, link(code), text)
    key, later = DigitalKey.objects.get(), timezone.now() + timedelta(seconds=31)
    for turn in range(9):  # typed in another tab
        if turn == TRIES_A_CODE:
            one_time.request_code(code_id=code.pk, key_id=key.pk, at=later)
        typed = other_digits(digits_of(key))
        with suppress(OneTimeCodeError):
            one_time.compare(code_id=code.pk, key=key, typed=typed, at=later)
    visitor.press(digits=other_digits(digits_of(key)))
    visitor.look("web/start_again.html")


def test_another_device_was_first(
    visitor: Visitor, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    come_to_the_digits(visitor, link(code), text)
    key = DigitalKey.objects.get()
    activate_key(
        code_id=code.pk, key_id=key.pk, typed=digits_of(key), at=timezone.now()
    )
    visitor.page.reload()
    visitor.look("journey/already_active.html")


def come_to_the_digits(visitor: Visitor, address: str, text: str) -> None:
    visitor.goto(address)
    visitor.press(code=text)
    come_past_the_account(visitor)
    visitor.choose(KeyKind.EMAIL)


def test_too_much_from_one_network(
    visitor: Visitor, dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    for language in ("nl", "fr", "de", "en") if visitor.scripts else ("nl",):
        now = timezone.now()
        for minute in (now, now + timedelta(minutes=1)):
            for _request in range(A_MINUTE):
                with suppress(TooManyRequestsError):
                    count_request(address="127.0.0.1", at=minute)
        visitor.goto(link(code).replace("/en/", f"/{language}/"))
        visitor.press(code=text)
        visitor.look("web/wait.html", languages=())
