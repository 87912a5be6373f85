"""One link in many tabs and browsers, which all do the last step at once.

A link makes one key, and a one-time code sent from 32 threads is accepted once; the
others get an answer that people understand. In `make soak` each test sends 4,000 forms:
500 links from 8 tabs, 125 one-time codes from 32 threads. `make test` has five of each.
"""

from collections import Counter
from functools import partial

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from activation.enums import (
    CodeState,
    KeyKind,
    KeyState,
    OneTimeCodeState,
    SignInResult,
)
from activation.models import (
    ActivationCode,
    DigitalKey,
    KeyHolder,
    OneTimeCode,
    SignInActivity,
    SignInCount,
)
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.activation.helpers import (
    choose_account,
    choose_key,
    digits_of,
    path,
    type_code,
    without_link,
)
from tests.activation.holder.helpers import make_key, show_password
from tests.activation.holder.helpers import path as keys_path
from tests.activation.threats.crowd import (
    CodeAndText,
    address,
    codes,
    cookies_of,
    in_threads,
    with_cookies,
)
from tests.size import SOAK

pytestmark = pytest.mark.django_db(transaction=True)

TABS, THREADS = 8, 32
LINKS, DIGITS = (500, 125) if SOAK else (5, 5)
CONFIRM = path("confirm_key")
#: The answers that people understand: the last page, an earlier step, or a sentence.
CLEAN = {
    f"303 {path('done')}",
    f"303 {path('enter_code')}",
    f"303 {path('choose_key')}",
    f"303 {path('choose_account')}",
    "409",
    "422",
}


def come_to_the_last_step(
    pair: CodeAndText, kind: KeyKind, number: int
) -> tuple[Client, DigitalKey]:
    client = Client(REMOTE_ADDR=address(number))
    type_code(client, *pair)
    choose_account(client, f"peter.{number}")
    return client, choose_key(client, kind)


def tabs_of(client: Client, pair: CodeAndText, number: int) -> list[Client]:
    """Eight tabs of a browser; if `number` is odd, half of them are other browsers."""
    tabs = [with_cookies(cookies_of(client), at=address(number)) for _ in range(TABS)]
    if number % 2:
        for tab in tabs[::2]:
            tab.cookies.clear()
            type_code(tab, *pair)
    return tabs


def confirm_in_all(tabs: list[Client], key: DigitalKey) -> list[str]:
    """Send the digits from all tabs at once; returns each status and address."""
    form = {"key": key.pk, "digits": digits_of(key)}

    def press(tab: Client) -> str:
        return answer_of(tab.post(CONFIRM, form))

    return in_threads(len(tabs), press, tabs)


def answer_of(response: HttpResponseBase) -> str:
    to = without_link(response.headers.get("Location", ""))
    return f"{response.status_code} {to}".strip()


def test_one_link_in_many_tabs_makes_one_key(els: Clerk) -> None:
    """The other tabs get one of the answers in CLEAN."""
    answers: Counter[str] = Counter()
    for number, pair in enumerate(codes(els, LINKS)):
        client, key = come_to_the_last_step(pair, KeyKind.APP, number)
        answers.update(confirm_in_all(tabs_of(client, pair, number), key))
    keys = DigitalKey.objects.filter(state=KeyState.ACTIVE)
    once = keys.values("code").distinct().count()
    print(
        f"{LINKS} links in {TABS} tabs: {keys.count()} keys of {once} links "
        f"(bound {LINKS} of {LINKS}); answers {dict(answers)}"
    )
    assert keys.count() == once == LINKS
    assert set(answers) <= CLEAN, answers
    assert set(ActivationCode.objects.values_list("state", flat=True)) == {
        CodeState.USED
    }
    assert set(Dossier.objects.values_list("state", flat=True)) == {
        DossierState.ACTIVATED
    }
    entries = JournalEntry.objects.filter(event=Event.KEY_ACTIVATED)
    assert entries.count() == LINKS


def test_one_one_time_code_from_32_tabs_activates_once(els: Clerk) -> None:
    answers: Counter[str] = Counter()
    for number, pair in enumerate(codes(els, DIGITS)):
        # Each has its own address, since one address gets a code every thirty seconds.
        email = f"peter.{number}@example.org"
        Dossier.objects.filter(pk=pair[0].dossier_id).update(email=email)
        client, key = come_to_the_last_step(pair, KeyKind.EMAIL, number)
        cookies = cookies_of(client)
        tabs = [with_cookies(cookies, at=address(number)) for _ in range(THREADS)]
        answers.update(confirm_in_all(tabs, key))
    used = OneTimeCode.objects.filter(state=OneTimeCodeState.USED).count()
    keys = DigitalKey.objects.filter(state=KeyState.ACTIVE).count()
    print(
        f"{DIGITS} one-time codes from {THREADS} threads: {used} accepted, "
        f"{keys} keys (bound {DIGITS}); answers {dict(answers)}"
    )
    assert used == keys == DIGITS
    assert set(answers) <= CLEAN, answers


def test_one_one_time_code_from_32_tabs_signs_in_once(holder: KeyHolder) -> None:
    """One tab is signed in; the others are led to the overview or to the sign-in."""
    key = make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    answers: Counter[str] = Counter()
    inside = 0
    for number in range(DIGITS):
        OneTimeCode.objects.all().delete()  # otherwise a limit on sending is reached
        SignInCount.objects.all().delete()
        client = Client(REMOTE_ADDR=address(number))
        show_password(client)
        cookies = cookies_of(client)
        tabs = [with_cookies(cookies, at=address(number)) for _ in range(THREADS)]
        form = {"key": key.pk, "digits": digits_of(key)}
        answers.update(in_threads(THREADS, partial(show, form), tabs))
        inside += sum(tab.get(keys_path("overview")).status_code == 200 for tab in tabs)
    entered = SignInActivity.objects.filter(result=SignInResult.SIGNED_IN).count()
    print(
        f"{DIGITS} one-time codes from {THREADS} threads: {entered} signed in, "
        f"{inside} tabs inside (bound {DIGITS} each); answers {dict(answers)}"
    )
    assert entered == inside == DIGITS
    assert set(answers) <= {
        f"303 {keys_path('overview')}",
        f"303 {keys_path('sign_in')}",
    }


def show(form: dict[str, object], tab: Client) -> str:
    return answer_of(tab.post(keys_path("show_key"), form))
