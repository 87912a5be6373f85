"""Whatever is typed, pasted or sent in the recording form gets an answer and is kept.

Each nasty text in every field at once, and texts at random in several fields: 10,000 in
`make soak`, 100 in `make test`. No answer is a 500, and the page shows again what was
typed.
"""

import uuid
from itertools import cycle, product

import pytest
from django.db import transaction
from django.forms import CheckboxInput, Field
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from counter.models import Clerk, Dossier, TurnedAway
from counter.scans.scan_guard import refusal
from tests.cast import PETER_NUMBER
from tests.counter.dossiers.record_form import URL, typed
from tests.litany import signed_in
from tests.size import SEED, SOAK

EXAMPLES = 10_000 if SOAK else 100
#: In bytes. More than the server takes in one form: refused before it is read.
MEGABYTE = 1_000_000
UNUSUAL = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,  # the seed decides, not the failures of another run
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FIELDS = sorted(typed(document_country="", old_model="", confirmed=""))

NASTY = (
    "\0",
    "\u202e",  # right-to-left override
    "\u200f\u200e",
    "٣٠/٠٧/١٩٨٥",
    "".join(chr(0x0660 + int(digit)) for digit in PETER_NUMBER),  # Arabic
    "".join(chr(0xFF10 + int(digit)) for digit in PETER_NUMBER),  # full width
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\ufeff",
    "\u0661\u2044\u0662",
    "ſKelvin\u212a",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE counter_dossier; --",
    "{{ 7|add:7 }}",
    "%s%n%(x)s",
    "-1",
    "1e309",
    "NaN",
    "99/99/9999",
    "00000000000",
    "31/02/2020",
    "a@" + "b." * 120 + "be",
    "@" * 300,
    "a" * 20_000,
    "9" * 20_000,
    "\u0301" * 5_000,
    "\r\n\r\nBcc: x@y.be",
    "FALSE",
)
_nasty = st.sampled_from(NASTY)
_texts = st.text(max_size=60).map(
    lambda text: text.encode(errors="ignore").decode()  # no lone surrogates in UTF-8
)
_digits = st.text("0123456789٠١٢٣٤٥٦٧٨٩.-/ \0\u200f", max_size=16)
_mixed = st.builds("{}{}{}".format, _texts, _nasty, _digits)
_value = st.one_of(_nasty, _texts, _digits, _mixed)
spoilt = st.dictionaries(st.sampled_from(FIELDS), _value, min_size=1, max_size=5)


@pytest.fixture
def client(els: Clerk) -> Client:
    return signed_in(els)


def shown_again(field: Field, text: str) -> str | bool:
    """What the page shows after this text; for a box, whether Django reads a tick."""
    if isinstance(field.widget, CheckboxInput):
        return bool(text) and text.lower() != "false"
    return text


def assert_not_lost(client: Client, changes: dict[str, str]) -> None:
    form = typed() | changes
    with transaction.atomic():
        answer = client.post(URL, form)
        made = Dossier.objects.count()
        transaction.set_rollback(True)  # the next example is another visit
    assert answer.status_code in {303, 422}
    assert made == (answer.status_code == 303)
    if made:
        return
    page = answer.context["form"]
    kept = set(form) & set(page.fields) - {"submission"}
    for name in kept:
        if refusal(page.fields[name], form[name]):
            # A scan or a national number in a field that is not for it: not shown.
            assert str(form[name]) not in str(page[name].value()), name
            continue
        expected = shown_again(page.fields[name], str(form[name]))
        assert page[name].value() == expected, name


@seed(SEED)
@UNUSUAL
@given(changes=spoilt)
@example(changes={"birth_date": "\0", "old_model": "FALSE"})
def test_nothing_typed_breaks_the_form_or_is_lost(
    client: Client, changes: dict[str, str]
) -> None:
    assert_not_lost(client, changes)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_no_nasty_text_breaks_the_form_or_is_lost(client: Client, text: str) -> None:
    # Cut off: otherwise all fields together are more than the server takes.
    assert_not_lost(client, dict.fromkeys(FIELDS, text[:5_000]))


def fields_with(*characters: str) -> list[tuple[str, str]]:
    """Pairs of field and character: in `make soak` all, else one for each field."""
    fields = [*FIELDS, "use_email"]
    if SOAK:
        return list(product(fields, characters))
    return list(zip(fields, cycle(characters), strict=False))


@pytest.mark.parametrize(
    ("field", "character"), fields_with("x", "9", "\0", "\u202e", "٣", "@")
)
def test_a_megabyte_in_a_field_is_refused_whole(
    client: Client, field: str, character: str
) -> None:
    size = MEGABYTE // len(character.encode())
    answer = client.post(URL, typed() | {field: character * size})
    assert answer.status_code == 413
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("field", "character"), fields_with("x", "9", "\u202e", "٣", "@")
)
def test_as_much_as_the_server_takes_is_answered(
    client: Client, field: str, character: str
) -> None:
    # A browser sends each byte of a character as three signs.
    size = 70_000 // len(character.encode())
    answer = client.post(URL, typed() | {field: character * size})
    assert answer.status_code in {303, 422}


@seed(SEED)
@settings(UNUSUAL, max_examples=EXAMPLES // 5)
@given(number=_value, birth_date=_value, email=_value, reason=_value)
def test_nothing_typed_breaks_what_is_read_beside_it(
    client: Client, number: str, birth_date: str, email: str, reason: str
) -> None:
    live = {"national_number": number, "birth_date": birth_date, "email": email}
    for name in ("counter_dossiers:number_reading", "counter_email:email_reading"):
        assert client.post(reverse(name), live).status_code == 200
    away = {"submission": str(uuid.uuid4()), "reason": reason, "draft": email}
    for name in ("redirect_person", "refuse_person"):
        assert client.post(reverse(f"counter_desk:{name}"), away).status_code == 422
    assert not TurnedAway.objects.exists()
