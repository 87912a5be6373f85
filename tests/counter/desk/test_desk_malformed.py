"""Whatever is typed, pasted or scanned into the desk's one field gets an answer.

Each odd text once, and texts at random: 10,000 each for the field and the parser in
`make soak`, 100 and 500 in `make test`.
"""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from counter.models import Clerk, Dossier
from counter.scans.mrz import MrzError, parse
from counter.scans.mrz_fields import is_meant
from tests.counter.scans.zones import (
    BELGIAN,
    SPECIMENS,
    TD3,
    on_azerty,
    peters_card,
    td3,
)
from tests.litany import signed_in
from tests.size import SEED, SOAK

SEARCH = reverse("counter_desk:find_dossier")
TODAY = datetime.date(2026, 3, 20)
TYPED, SCANNED = (10_000, 10_000) if SOAK else (100, 500)
UNUSUAL = settings(
    deadline=None,
    database=None,  # the seed decides, not the failures of another run
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ODD_TEXTS = (
    "",
    " ",
    "a\0b",
    "x" * 300,
    "1" * 40,
    "\0",
    "\u202e",
    "\u200f\u200e",
    "\u0668\u0665\u0660\u0667\u0663\u0660\u0660\u0663\u0663\u0662\u0668",
    "\N{FULLWIDTH DIGIT EIGHT}5073003328",
    "\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}",
    "%_\\",
    "' OR 1=1 --",
    "<<<-> %>> <%",
    "2026-000123",
    "2026-999999999",
    "0a0a0a0a",
    "@",
    "a@" + "b." * 120 + "be",
    "\u0301" * 200,
    "\N{GRINNING FACE}" * 60,
    "\t\r\n\x1f\x7f\x85\u2028",
)
ODD = st.sampled_from(ODD_TEXTS)
TEXT = st.text(max_size=80).map(lambda text: text.encode(errors="ignore").decode())
DIGITS = st.text("0123456789\u0660\u0669.-/ \0\u200f", max_size=40)
LINES = st.text("ABIPMQZ0189<. \n\r\t&\u00e9?", min_size=20, max_size=120)
ZONES = st.sampled_from(
    [*SPECIMENS, peters_card(), td3(), on_azerty(TD3), on_azerty(peters_card())]
)
DAMAGED = st.builds(
    lambda zone, at, cut, new: zone[:at] + new + zone[at + cut :],
    ZONES,
    st.integers(0, 92),
    st.integers(0, 3),
    TEXT | ODD,
)
ANYTHING = st.one_of(
    TEXT, DIGITS, ODD, LINES, DAMAGED, st.builds("{}{}".format, TEXT, ODD)
)


@pytest.fixture
def client(els: Clerk) -> Client:
    return signed_in(els)


def assert_answered(client: Client, typed: str) -> None:
    answer = client.post(SEARCH, {"q": typed})
    assert answer.status_code in {200, 303, 422}
    page = answer.content.decode()
    if answer.status_code == 422:
        scan = answer.context.get("scan")
        assert scan or answer.context["form"].errors["q"]
    if is_meant(typed):
        lines = [line for line in typed.split() if len(line) > 25]
        assert not [line for line in lines if line in page]


@seed(SEED)
@settings(UNUSUAL, max_examples=TYPED)
@given(typed=ANYTHING)
def test_nothing_typed_breaks_the_field(
    client: Client, dossier: Dossier, typed: str
) -> None:
    assert_answered(client, typed)


@pytest.mark.parametrize("typed", ODD_TEXTS, ids=lambda text: ascii(text[:20]))
def test_no_odd_text_breaks_the_field(
    client: Client, dossier: Dossier, typed: str
) -> None:
    assert_answered(client, typed)


@seed(SEED)
@settings(UNUSUAL, max_examples=SCANNED)
@given(text=st.one_of(TEXT, LINES, DAMAGED, ODD))
def test_nothing_scanned_breaks_the_parser(text: str) -> None:
    try:
        mrz = parse(text, today=TODAY)
    except MrzError:
        return
    assert is_meant(text)
    assert mrz.number.isascii()


@pytest.mark.parametrize(
    "typed",
    ["x" * 200_000, "8" * 200_000, "<" * 200_000, "\n" * 200_000 + "x", "é " * 60_000],
)
def test_a_heap_of_text_gets_a_sentence_and_is_not_sent_back(
    client: Client, typed: str
) -> None:
    answer = client.post(SEARCH, {"q": typed})
    assert answer.status_code in {200, 422}
    assert len(answer.content) < 50_000


def test_a_megabyte_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post(SEARCH, {"q": BELGIAN + "x" * 1_000_000})
    assert answer.status_code in {400, 413}
    assert "IDBEL" not in answer.content.decode()
