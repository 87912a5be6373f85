"""The code on paper: 65 random bits and a check character."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.codes import activation_code
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.separators import MISTAKES, SEPARATORS

CODES = st.binary(min_size=32, max_size=32).map(activation_code.from_bytes)


@given(CODES)
def test_a_code_has_fourteen_characters_and_checks_itself(code: str) -> None:
    assert len(code) == 14
    assert set(code) <= set(activation_code.ALPHABET)
    assert not set(code) & set("ILOU")
    assert activation_code.is_well_formed(code)


@given(CODES)
def test_every_single_wrong_character_is_seen(code: str) -> None:
    for place, sign in itertools.product(range(14), activation_code.ALPHABET):
        if code[place] != sign:
            assert not activation_code.is_well_formed(
                code[:place] + sign + code[place + 1 :]
            )


@given(CODES)
def test_every_swap_of_two_random_characters_is_seen(code: str) -> None:
    for one, other in itertools.combinations(range(13), 2):
        if code[one] != code[other]:
            signs = list(code)
            signs[one], signs[other] = signs[other], signs[one]
            assert not activation_code.is_well_formed("".join(signs))


def test_the_first_65_bits_are_all_used() -> None:
    for bit in range(65):
        changed = (1 << (255 - bit)).to_bytes(32, "big")
        assert activation_code.from_bytes(changed) != activation_code.from_bytes(
            bytes(32)
        )
    assert activation_code.from_bytes(
        (1 << (255 - 65)).to_bytes(32, "big")
    ) == activation_code.from_bytes(bytes(32))


@given(CODES, st.randoms(use_true_random=False))
def test_a_code_is_read_however_a_person_writes_it(
    code: str, chance: random.Random
) -> None:
    written = activation_code.grouped(code)
    written = written.replace("0", chance.choice("0Oo"))
    written = written.replace("1", chance.choice("1IiLl"))
    written = chance.choice([str.lower, str.upper])(written)
    written = written.replace("-", chance.choice(["-", " ", "", " - ", "\u00a0", "–"]))
    assert activation_code.normalise(f" {written} ") == code


@pytest.mark.parametrize("between", SEPARATORS.values(), ids=SEPARATORS)
def test_whatever_stands_between_the_groups_is_no_mistake(between: str) -> None:
    code = activation_code.from_bytes(b"thirteen and more")
    written = between.join([between + code[:4], code[4:8], code[8:12], code[12:]])
    assert activation_code.normalise(written) == code
    assert activation_code.grouped_as_typed(written) == activation_code.grouped(code)


@pytest.mark.parametrize("sign", MISTAKES)
def test_a_sign_that_separates_nothing_is_a_mistake(sign: str) -> None:
    code = activation_code.from_bytes(b"thirteen and more")
    assert not activation_code.is_well_formed(
        activation_code.normalise(code[:4] + sign + code[4:])
    )
    assert sign.upper() in activation_code.grouped_as_typed(code[:4] + sign + code[4:])


def test_the_groups_are_those_of_the_paper() -> None:
    assert activation_code.grouped("ABCDEFGHJKMNPQ") == "ABCD-EFGH-JKMN-PQ"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("abcd efgh jkmn pq", "ABCD-EFGH-JKMN-PQ"),
        ("abcdo", "ABCD-O"),
        ("abcdefghjkmnpqrst", "ABCD-EFGH-JKMN-PQRST"),
        ("", ""),
        ("a", "A"),
        ("abcd-efgh-jkmn-", "ABCD-EFGH-JKMN"),
        ("ab?d", "AB?D"),
    ],
)
def test_what_was_typed_is_shown_grouped_and_whole(typed: str, shown: str) -> None:
    assert activation_code.grouped_as_typed(typed) == shown


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 14, "A" * 15, "é" * 14, "\x00"])
def test_what_is_no_code_is_not_well_formed(typed: str) -> None:
    assert not activation_code.is_well_formed(activation_code.normalise(typed))


def test_each_code_reads_differently_and_the_same_each_time(
    dossier: Dossier, els: Clerk
) -> None:
    code, text = cast.make_code(dossier, els)
    assert activation_code.code_text(code) == text
    code.refresh_from_db()
    assert activation_code.code_text(code) == text
    code.nonce = bytes(32)
    assert activation_code.code_text(code) != text
