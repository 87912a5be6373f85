"""How long a session lasts, and what is in it."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from activation.codes import links
from activation.enums import KeyKind, Purpose
from activation.holder.sessions.holder_session import Stage
from activation.journey import times
from activation.models import DigitalKey, OneTimeCode
from activation.one_time.digits import one_time_text
from counter.models import Clerk
from tests.activation.helpers import (
    GOOD_PASSWORD,
    choose_account,
    choose_key,
    digits_of,
    leads_to,
    open_link,
    path,
    type_code,
    visit_of,
    what_is_kept,
)
from tests.activation.holder.helpers import USER_NAME, fresh, show_password, sign_in
from tests.activation.holder.helpers import path as keys_path
from tests.activation.threats.crowd import codes, cookies_of, with_cookies
from tests.activation.threats.doors import MINUTE, PAGES, SECOND, is_in

IDLE, IN_ALL = 15 * MINUTE, 60 * MINUTE
#: The same for an applicant: longer, because setting up an app takes time.
WAITS, IN_ALL_ON_THE_WAY = times.PAGE_WAITS, times.IN_ALL
STEPS = ("choose_account", "choose_key", "enter_number", "confirm_key")


def applicant(els: Clerk) -> Client:
    client = Client()
    type_code(client, *codes(els, 1)[0])
    choose_account(client)
    choose_key(client, "sms")
    return client


@pytest.mark.parametrize("step", STEPS)
def test_an_applicant_who_is_away_types_the_code_again(els: Clerk, step: str) -> None:
    url = path(step)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = applicant(els)
        clock.shift(WAITS - SECOND)
        assert client.get(url).status_code == 200
        clock.shift(WAITS)
        over = client.get(url)
    print(f"{step}: shown after 59:59, over after 60:00 (bound 60:00)")
    assert leads_to(over) == path("enter_code")
    assert not visit_of(client).keys()


@pytest.mark.parametrize("page", PAGES)
def test_a_holder_who_is_away_signs_in_again(app: DigitalKey, page: str) -> None:
    url = keys_path(page)
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, app)
        clock.shift(IDLE - SECOND)
        assert is_in(client, url)
        clock.shift(IDLE)
        over = client.get(url)
    print(f"{page}: shown after 14:59, over after 15:00 (bound 15:00)")
    assert over["Location"] == keys_path("sign_in")


@pytest.mark.parametrize("who", ["applicant", "holder"])
def test_so_long_in_all_however_busy(
    request: pytest.FixtureRequest, els: Clerk, who: str
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        start = timezone.now()
        if who == "applicant":
            client, url, in_all = applicant(els), path("choose_key"), IN_ALL_ON_THE_WAY
        else:
            client, url, in_all = Client(), keys_path("overview"), IN_ALL
            sign_in(client, request.getfixturevalue("app"))
        while client.get(url).status_code == 200:
            left = start + in_all - timezone.now()
            clock.shift(min(10 * MINUTE, left - SECOND) if left > SECOND else SECOND)
        lasted = timezone.now() - start
    print(f"a busy {who}: over after {lasted} (bound {in_all})")
    assert lasted == in_all


@pytest.mark.parametrize("stage", ["show_key", "recovery_code"])
def test_half_a_way_in_ends_after_a_quarter_of_an_hour(
    app: DigitalKey, stage: str
) -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        if stage == "show_key":
            show_password(client)
        else:
            client.post(keys_path("forgotten"), {"name": USER_NAME})
        clock.shift(IDLE - SECOND)
        assert client.get(keys_path(stage)).status_code == 200
        clock.shift(SECOND)
        assert client.get(keys_path(stage)).status_code == 303
    print(f"{stage}: shown after 14:59, over after 15:00 (bound 15:00)")


# Session keys


def planted_by_a_stranger() -> dict[str, str]:
    """The cookies of a session that exists, and whose key somebody else knows."""
    stranger = Client()
    stranger.post(keys_path("forgotten"), {"name": "nobody"})
    return cookies_of(stranger)


def types_a_code(client: Client, els: Clerk, _app: DigitalKey) -> None:
    (pair,) = codes(els, 1, first=50)
    type_code(client, *pair)


def shows_a_password(client: Client, _els: Clerk, _app: DigitalKey) -> None:
    show_password(client)


def shows_a_key(client: Client, _els: Clerk, app: DigitalKey) -> None:
    sign_in(client, app)


def shows_the_mail(client: Client, _els: Clerk, _app: DigitalKey) -> None:
    client.post(keys_path("forgotten"), {"name": USER_NAME})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    answer = client.post(keys_path("recovery_code"), {"digits": digits})
    assert answer["Location"] == keys_path("recovery_key")


@pytest.mark.parametrize(
    "enter", [types_a_code, shows_a_password, shows_a_key, shows_the_mail]
)
def test_a_planted_session_key_is_worth_nothing(
    els: Clerk, app: DigitalKey, enter: Callable[[Client, Clerk, DigitalKey], None]
) -> None:
    planted = planted_by_a_stranger()
    client = with_cookies(planted)
    enter(client, els, app)
    assert client.cookies["visit"].value != planted["visit"]
    urls = [keys_path(page) for page in (*PAGES, "show_key", "recovery_key")]
    urls += [path(step) for step in STEPS]
    seen = sum(is_in(with_cookies(planted), url) for url in urls)
    print(f"{enter.__name__}: {seen} of {len(urls)} pages seen by a planter (bound 0)")
    assert seen == 0
    assert not Session.objects.filter(session_key=planted["visit"]).exists()


def test_each_door_has_a_key_of_its_own(app: DigitalKey) -> None:
    client, seen = Client(), []

    def note() -> None:
        seen.append(visit_of(client).session_key)

    show_password(client)
    note()
    form = {"key": app.pk, "digits": fresh(app)}
    client.post(keys_path("show_key"), form)
    note()
    new = "vijf groene stille paarden"
    form = {"present": GOOD_PASSWORD, "password": new, "password_again": new}
    client.post(keys_path("change_password"), form)
    note()
    print(f"password, key, new password: {len(set(seen))} session keys (bound 3)")
    assert len(set(seen)) == 3


# What is in a session


def is_id_or_time(value: object) -> bool:
    if isinstance(value, bool | int):
        return True
    if not isinstance(value, str):
        return False
    for read in (uuid.UUID, datetime.fromisoformat):
        try:
            read(value)
        except ValueError:
            continue
        return True
    return value in {stage.value for stage in Stage}


def test_a_session_holds_ids_and_times_and_so_do_the_cookies(els: Clerk) -> None:
    """Each step of an activation and of the pages that follow is checked."""
    ((code, text),) = codes(els, 1)
    secrets = [text, links.token(code), "peter@example.org", "470123456", USER_NAME]
    secrets += [GOOD_PASSWORD, "EN123456", code.dossier.applicant.last_name]
    client, values = Client(), 0

    def look() -> int:
        kept = what_is_kept(client)
        assert all(is_id_or_time(value) for value in kept.values()), kept
        whole = f"{kept} {cookies_of(client)}"
        assert not [secret for secret in secrets if secret in whole]
        return len(kept)

    open_link(client, code)
    type_code(client, code, text)
    values += look()
    choose_account(client)
    for kind in (KeyKind.SMS, KeyKind.APP):
        key = choose_key(client, kind)
        secrets += [digits_of(key), *([key.secret] if kind == KeyKind.APP else [])]
        values += look()
    form = {"key": key.pk, "digits": digits_of(key)}
    client.post(path("confirm_key"), form)
    values += look()
    client.post(path("add_second_key"))
    values += look()
    client.post(keys_path("change_email"), {"email": "new@example.net"})
    secrets.append("new@example.net")
    values += look()
    print(f"{values} values in sessions: all ids and times; {len(secrets)} secrets: 0")
