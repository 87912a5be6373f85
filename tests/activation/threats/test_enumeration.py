"""Nobody can find out who has an account: not by a page, a status or a time.

A known and an unknown name or address get the same answer, for the same work. Links
that no longer work are tested in test_invented_links.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activation.enums import KeyKind, Purpose
from activation.holder import signing_in
from activation.holder.sessions.equal_time import AT_LEAST
from activation.models import (
    DigitalKey,
    KeyHolder,
    OneTimeCode,
    SignInCount,
    WrongPassword,
)
from activation.one_time.digits import one_time_text
from counter.sign_in.hashers import Argon2
from tests.activation.helpers import other_digits, what_is_kept
from tests.activation.holder.helpers import USER_NAME, make_key, path
from tests.activation.journey.traces import as_read
from tests.activation.threats.crowd import address
from tests.size import SOAK

TIMES = 150 if SOAK else 15
WRONG = "verkeerd en lang genoeg"
#: A known and an unknown name; both equally long, because the page repeats them.
NAMES = {
    "user names": (USER_NAME, "marie.janssens"),
    "addresses": ("peter@example.org", "marie@example.org"),
    "written otherwise": ("Peter@Example.ORG", "Marie@Example.ORG"),
}


def visible_parts(response: HttpResponseBase, name: str) -> tuple[object, ...]:
    """The answer, without the name and without what differs at each request."""
    content = as_read(getattr(response, "content", b"")).replace(name, "NAME")
    headers = {
        header: value
        for header, value in response.headers.items()
        if header not in {"X-Request-ID", "Content-Security-Policy"}
        and header != "Content-Length"
    }
    cookies = sorted(response.cookies)
    return response.status_code, content, tuple(sorted(headers.items())), (*cookies,)


def sign_in(client: Client, name: str) -> HttpResponseBase:
    return client.post(path("sign_in"), {"user_name": name, "password": WRONG})


def forgotten(client: Client, name: str) -> HttpResponseBase:
    return client.post(path("forgotten"), {"name": name})


def page_after_forgotten(client: Client, name: str) -> HttpResponseBase:
    forgotten(client, name)
    return client.get(path("recovery_code"))


def wrong_digits_after_forgotten(client: Client, name: str) -> HttpResponseBase:
    forgotten(client, name)
    sent = OneTimeCode.objects.filter(purpose=Purpose.RECOVER).first()
    digits = other_digits(one_time_text(sent)) if sent else "123456"
    return client.post(path("recovery_code"), {"digits": digits})


@pytest.mark.parametrize("names", list(NAMES.values()), ids=list(NAMES))
@pytest.mark.parametrize(
    "ask", [sign_in, forgotten, page_after_forgotten, wrong_digits_after_forgotten]
)
def test_known_and_unknown_are_told_the_same(
    app: DigitalKey,
    ask: Callable[[Client, str], HttpResponseBase],
    names: tuple[str, str],
) -> None:
    answers = set()
    sessions = set()
    for name in names:
        client = Client()
        answers.add(visible_parts(ask(client, name), name))
        sessions.add(tuple(sorted(what_is_kept(client))))
    print(
        f"{ask.__name__}: {len(answers)} answer, {len(sessions)} kind of session for "
        "a known and an unknown name (bound 1 each)"
    )
    assert len(answers) == len(sessions) == 1


def test_forgotten_too_often_reads_the_same(app: DigitalKey) -> None:
    """Within thirty seconds nothing is sent a second time, and no page says so."""
    answers = set()
    for name in NAMES["addresses"]:
        client = Client()
        for _turn in range(4):
            answers.add(visible_parts(page_after_forgotten(client, name), name))
    sent = OneTimeCode.objects.count()
    print(f"asked four times each: {len(answers)} answer (bound 1), {sent} sent")
    assert len(answers) == 1
    assert sent == 1


@pytest.mark.parametrize("kinds", [(KeyKind.APP,), (KeyKind.SMS, KeyKind.EMAIL), ()])
def test_which_keys_somebody_has_is_told_after_the_password_only(
    holder: KeyHolder, kinds: tuple[KeyKind, ...]
) -> None:
    for kind in kinds:
        to = "peter@example.org" if kind is KeyKind.EMAIL else ""
        make_key(holder, kind, destination=to)
    answers = {
        visible_parts(sign_in(Client(), name), name) for name in NAMES["user names"]
    }
    print(f"{len(kinds)} keys: {len(answers)} answer (bound 1)")
    assert len(answers) == 1


# The same work


def test_an_unknown_name_costs_the_same_hash(
    app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SQL statements and their order are the same too: only their values differ."""
    assert isinstance(get_hasher(), Argon2)
    hashed: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2, name, counting(getattr(Argon2, name), hashed))
    work = []
    for name in NAMES["user names"]:
        sign_in(Client(), name)  # the first failure under a name creates its row
        hashed.clear()
        with CaptureQueriesContext(connection) as statements:
            sign_in(Client(), name)
        work.append(
            (len(hashed), [up_to_values(statement["sql"]) for statement in statements])
        )
    (known_hashes, known), (unknown_hashes, unknown) = work
    print(
        f"known: {known_hashes} hash, {len(known)} statements; unknown: "
        f"{unknown_hashes} hash, {len(unknown)} statements (bound 1 hash each, "
        "the same statements)"
    )
    assert known_hashes == unknown_hashes == 1
    assert known == unknown
    assert WrongPassword.objects.count() == 4


def up_to_values(sql: str) -> str:
    """The beginning of a statement, before its values or a savepoint's number."""
    return re.split(r"VALUES|WHERE|SET|\d", sql, maxsplit=1)[0]


def counting(
    compute: Callable[..., object], hashed: list[str]
) -> Callable[..., object]:
    def count(self: Argon2, password: str, other: str) -> object:
        hashed.append("one")
        return compute(self, password, other)

    return count


def seconds(
    ask: Callable[[Client, str], HttpResponseBase], client: Client, name: str
) -> float:
    start = perf_counter()
    ask(client, name)
    return perf_counter() - start


def digits(client: Client, _name: str) -> HttpResponseBase:
    return client.post(path("recovery_code"), {"digits": "123456"})


@dataclass(frozen=True)
class Measured:
    """Seconds of several requests: medians, because the machine does other work too."""

    known: float
    unknown: float
    shortest: float
    #: One hash, measured between the requests, so that a slow minute slows all alike.
    a_hash: float

    @property
    def bound(self) -> float:
        """A quarter of a hash: a hash left out for unknown names exceeds it."""
        return self.a_hash / 4

    @property
    def is_apart(self) -> bool:
        return abs(self.known - self.unknown) >= self.bound


def measure(ask: Callable[[Client, str], HttpResponseBase]) -> Measured:
    """Time both names by turns; each comes first in every second turn."""
    known, unknown = NAMES["user names"]
    taken: dict[str, list[float]] = {known: [], unknown: []}
    hashes = []
    for number in range(TIMES):
        for name in (known, unknown) if number % 2 else (unknown, known):
            client = Client(REMOTE_ADDR=address(number))
            OneTimeCode.objects.all().delete()
            SignInCount.objects.all().delete()
            if ask is digits:
                forgotten(client, name)
            taken[name].append(seconds(ask, client, name))
        start = perf_counter()
        make_password(WRONG)
        hashes.append(perf_counter() - start)
    return Measured(
        median(taken[known]),
        median(taken[unknown]),
        min(taken[known] + taken[unknown]),
        median(hashes),
    )


def measured_well(
    ask: Callable[[Client, str], HttpResponseBase],
) -> tuple[Measured, bool]:
    """Measure up to three times; returns the last, and whether the times tell a name.

    A real difference shows up each time and in the same direction. On a busy machine
    the one name is sometimes slower, and sometimes the other.
    """
    is_known_slower = set()
    for _again in range(3):
        measured = measure(ask)
        print(
            f"{ask.__name__}: known {measured.known * 1000:.1f} ms, unknown "
            f"{measured.unknown * 1000:.1f} ms (bound {measured.bound * 1000:.1f} ms "
            "apart, a quarter of a hash)"
        )
        is_known_slower.add(measured.known > measured.unknown)
        if not measured.is_apart or len(is_known_slower) > 1:
            return measured, False
    return measured, True


@pytest.mark.usefixtures("production_hashes")
@pytest.mark.parametrize("ask", [sign_in, forgotten, digits])
def test_a_known_name_takes_no_longer(
    app: DigitalKey, ask: Callable[[Client, str], HttpResponseBase]
) -> None:
    measured, is_told = measured_well(ask)
    assert not is_told
    if ask is not sign_in:
        assert measured.shortest >= AT_LEAST


@pytest.mark.usefixtures("production_hashes")
def test_a_hash_that_is_left_out_for_nobody_would_be_seen(
    app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shows that the bound above can be exceeded at all."""
    monkeypatch.setattr(signing_in, "make_password", str)
    _measured, is_told = measured_well(sign_in)
    assert is_told
