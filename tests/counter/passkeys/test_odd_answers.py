"""Answers that no browser sends are refused with a sentence, without a server error.

Their certificates, keys, CBOR or JSON are wrong in some way. What is chosen at random
is the same each time.
"""

import json
from collections.abc import Iterator
from typing import Any

import cbor2
import pytest
from django.db import connection
from django.test import Client
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from counter.models import Clerk, Passkey
from tests.counter.app import after_the_password
from tests.counter.passkeys.authenticator import Device
from tests.counter.passkeys.steps import (
    SITE,
    URL,
    prove,
    proved,
    question,
    send_new,
    send_signed,
)
from tests.size import SOAK, chance

#: Values that are no certificates; some begin as one does.
CERTIFICATES: tuple[Any, ...] = (
    b"",
    b"\x30",
    b"\x30\x82\x01\x0a\x02\x82\x01\x01",
    b"\x30\x80" * 40,
    "text",
    7,
    None,
    [b"\x30\x03\x02\x01\x01"],
)
FORMATS = (
    "packed",
    "tpm",
    "apple",
    "android-key",
    "android-safetynet",
    "fido-u2f",
    "none",
    "unknown",
)
MANY = 400 if SOAK else 40


def odd_statements() -> Iterator[tuple[str, Any]]:
    for fmt in FORMATS:
        for certificate in CERTIFICATES:
            yield (
                fmt,
                {
                    "alg": -7,
                    "sig": b"\x30\x06\x02\x01\x01\x02\x01\x01",
                    "x5c": [certificate, certificate],
                    "ver": "2.0",
                    "response": b"e30.e30.e30",
                    "certInfo": b"\xffTCG" + bytes(40),
                    "pubArea": bytes(60),
                },
            )
        yield fmt, {"alg": -7, "sig": b"", "ver": "2.0"}
        yield fmt, {}
        yield fmt, []
        yield fmt, 2**70


def attested(answer: str, **changes: Any) -> str:
    """The same passkey with another attestation."""
    sent = json.loads(answer)
    coded = sent["response"]["attestationObject"]
    whole = cbor2.loads(base64url_to_bytes(coded)) | changes
    sent["response"]["attestationObject"] = bytes_to_base64url(cbor2.dumps(whole))
    return json.dumps(sent)


def refused(client: Client, answer: str) -> None:
    page = send_new(client, answer)
    assert page.status_code == 422, answer[:200]
    assert b"was not taken" in page.content


@pytest.fixture
def adding(els_with_app: Clerk) -> Client:
    return proved(els_with_app)


def test_an_odd_attestation_is_no_error(adding: Client) -> None:
    for fmt, statement in odd_statements():
        made = Device(SITE, URL).make(question(adding, "question_to_add"))
        if fmt == "none" and not statement:
            continue  # as browsers send it
        refused(adding, attested(made, fmt=fmt, attStmt=statement))
    assert not Passkey.objects.exists()


BODIES: tuple[str, ...] = (
    "",
    "null",
    "[]",
    "7",
    "NaN",
    "\x00",
    "{",
    "{}",
    "[" * 8000,
    "[" * 8000 + "]" * 8000,
    '{"a":' * 3000,
    "1" * 9000,
    '{"id": "\\ud800", "rawId": "\\ud800"}',
    '{"id": 1, "rawId": "AA", "response": {}}',
    '{"id": 7, "rawId": 7, "type": "public-key", "response": {}}',
    '{"id": "", "rawId": "", "type": "public-key", "response": []}',
    '{"id": "é", "rawId": "é", "type": "public-key", "response": {"a": 1}}',
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": [],
            "response": {
                "clientDataJSON": "AA",
                "attestationObject": "AA",
                "authenticatorData": "AA",
                "signature": "AA",
            },
        }
    ),
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "x" * 20_000,
)


@pytest.mark.parametrize("nth", range(len(BODIES)))
def test_an_odd_body_is_no_error(els_with_app: Clerk, device: Device, nth: int) -> None:
    """Neither when a passkey is added nor at sign-in."""
    client = proved(els_with_app)
    question(client, "question_to_add")
    assert send_new(client, BODIES[nth]).status_code == 422
    client = after_the_password(els_with_app)
    question(client, "question")
    assert send_signed(client, BODIES[nth]).status_code == 422


def wrong_cbor() -> Iterator[bytes]:
    yield from (
        b"\x9b" + b"\xff" * 8,
        b"\xbb" + b"\xff" * 8,
        b"\x81" * 5000,
        b"\xa1" * 5000,
        b"\x5b\x7f" + b"\xff" * 7,
        b"\xc0\x61x",
        b"\xd8\x1c\xa1",
        b"\xa3\x63fmt\x64none",
        b"\xf9\x7e\x00",
    )


def test_wrong_cbor_is_no_error(adding: Client) -> None:
    for whole in wrong_cbor():
        made = json.loads(Device(SITE, URL).make(question(adding, "question_to_add")))
        made["response"]["attestationObject"] = bytes_to_base64url(whole)
        refused(adding, json.dumps(made))


def test_bytes_that_were_changed_at_random_are_no_error(
    els_with_app: Clerk, adding: Client
) -> None:
    """40 answers, each with one to four bytes changed; 400 in `make soak`."""
    random = chance("bytes of a passkey")
    for _ in range(MANY):
        made = json.loads(Device(SITE, URL).make(question(adding, "question_to_add")))
        coded = made["response"]["attestationObject"]
        whole = bytearray(base64url_to_bytes(coded))
        for _change in range(random.randint(1, 4)):
            # Not in the id of the passkey, which may be any bytes.
            place = random.choice([*range(30), *range(len(whole) - 77, len(whole))])
            whole[place] = (whole[place] + random.randint(1, 255)) % 256
        made["response"]["attestationObject"] = bytes_to_base64url(bytes(whole))
        answer = send_new(adding, json.dumps(made))
        assert answer.status_code in (303, 422)
        # Some bytes may have any value, such as those of the public key.
        if answer.status_code == 303:
            prove(adding, els_with_app)
            Passkey.objects.all().delete()


def test_a_key_that_was_changed_in_the_database_is_refused(
    els_with_app: Clerk, device: Device
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE counter_passkey SET public_key_sealed = '\\x0102'")
    client = after_the_password(els_with_app)
    answer = send_signed(client, device.sign(question(client, "question")))
    assert answer.status_code == 422
