"""Numbers in the database are sealed for one place and found by a keyed index."""

import hashlib

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from counter.crypto import encryption
from counter.models import Applicant
from tests import cast

PLACE = {"table": "t", "column": "c", "row": "1"}
NEW_KEY = bytes(range(32))


def test_what_is_sealed_opens_in_its_place() -> None:
    # Long enough not to come up by chance among random bytes.
    text = "Zoë Peeters-Vandenbroucke"
    sealed = encryption.seal(text, **PLACE)
    assert encryption.unseal(sealed, **PLACE) == text
    assert b"Peeters" not in sealed


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert encryption.seal("x", **PLACE) != encryption.seal("x", **PLACE)


@pytest.mark.parametrize("part", ["table", "column", "row"])
def test_moved_elsewhere_it_does_not_open(part: str) -> None:
    sealed = encryption.seal("x", **PLACE)
    with pytest.raises(encryption.UnsealError):
        encryption.unseal(sealed, **{**PLACE, part: "2"})


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(encryption.seal("x", **PLACE))
    sealed[-1] ^= 1
    with pytest.raises(encryption.UnsealError):
        encryption.unseal(bytes(sealed), **PLACE)


@pytest.mark.parametrize("garbage", [b"", b"\x02", b"\x02\xff\xff1234", b"\x02e1"])
def test_what_was_never_sealed_is_a_plain_error(garbage: bytes) -> None:
    with pytest.raises(encryption.UnsealError):
        encryption.unseal(garbage, **PLACE)


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\x02\xff\xff1234",
        b"\x01\xc3",
        b"\x02\xff\xff" + bytes(40),
        b"\x02e",
        b"\x02e1" + bytes(27),
        b"\x00" + bytes(40),
        b"\x02\x01\x02" + bytes(40),
    ],
)
def test_bytes_that_name_no_key_are_a_plain_error(garbage: bytes) -> None:
    with pytest.raises(encryption.UnsealError):
        encryption.key_id(garbage)


def test_a_lost_key_is_an_error_of_its_own(settings: Settings) -> None:
    sealed = encryption.seal("x", **PLACE)
    settings.ENCRYPTION_KEYS = {"e9": NEW_KEY}
    with pytest.raises(encryption.UnknownKeyError):
        encryption.unseal(sealed, **PLACE)


def test_an_old_key_still_opens_and_the_new_one_seals(
    settings: Settings,
) -> None:
    old = encryption.seal("x", **PLACE)
    settings.ENCRYPTION_KEYS = {"e9": NEW_KEY, **settings.ENCRYPTION_KEYS}
    assert encryption.unseal(old, **PLACE) == "x"
    assert encryption.key_id(encryption.seal("x", **PLACE)) == "e9"


def test_the_index_needs_the_key(settings: Settings) -> None:
    digest = encryption.index("17073003384", purpose="p", kid="a")
    assert digest != hashlib.sha256(b"17073003384").digest()
    settings.INDEX_KEYS = {"a": NEW_KEY}
    assert encryption.index("17073003384", purpose="p", kid="a") != digest


def test_the_index_ignores_case_and_tells_purposes_apart() -> None:
    one = encryption.index("Peter@Example.org", purpose="mail", kid="a")
    assert one == encryption.index("peter@example.org", purpose="mail", kid="a")
    assert one != encryption.index("peter@example.org", purpose="name", kid="a")


def test_a_person_is_found_by_number_in_one_query(
    peter: Applicant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        applicant = Applicant.objects.with_national_number(cast.PETER_NUMBER).get()
    assert applicant == peter
    assert applicant.national_number == cast.PETER_NUMBER


def test_nothing_readable_of_the_number_lies_in_the_table(peter: Applicant) -> None:
    row = Applicant.objects.filter(pk=peter.pk).values().get()
    unkeyed = hashlib.sha256(cast.PETER_NUMBER.encode())
    for value in row.values():
        stored = bytes(value) if isinstance(value, bytes | memoryview) else str(value)
        assert cast.PETER_NUMBER not in str(stored)
        assert unkeyed.hexdigest() not in str(stored)
        assert stored != unkeyed.digest()


def test_one_number_is_one_person(peter: Applicant) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.make_applicant(cast.PETER_NUMBER)


def test_while_index_keys_change_both_columns_refuse_a_second_row(
    peter: Applicant, settings: Settings
) -> None:
    settings.INDEX_KEYS = {**settings.INDEX_KEYS, "b": NEW_KEY}
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.make_applicant(cast.PETER_NUMBER)
