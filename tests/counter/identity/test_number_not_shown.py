"""A national number is shown masked or on purpose, and no refusal repeats it."""

import logging
import pickle
import re

import pytest
from django.utils import translation

from counter.identity.national_number import NationalNumberError
from tests.counter.numbers import read


@pytest.mark.parametrize(
    ("text", "formatted", "masked"),
    [
        ("85073003328", "85.07.30-033.28", "85.07.30-***.**"),
        ("75060898009", "75.06.08-980.09", "75.06.08-***.**"),
        ("98472899765", "98.47.28-997.65", "98.47.28-***.**"),
        ("81050003552", "81.05.00-035.52", "81.05.00-***.**"),
        # Without a month the day is part of the serial.
        ("81000003517", "81.00.00-035.17", "81.00.**-***.**"),
        ("00000000128", "00.00.00-001.28", "00.00.**-***.**"),
    ],
)
def test_shown_in_full_or_masked(text: str, formatted: str, masked: str) -> None:
    number = read(text)
    assert number.formatted == formatted
    assert number.masked == masked


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("code", NationalNumberError.SENTENCES)
def test_every_refusal_is_a_sentence(code: str, language: str) -> None:
    with translation.override(language):
        sentence = str(NationalNumberError(code))
    assert sentence.endswith(".")
    assert not re.search("[0-9]{4}", sentence)


@pytest.mark.parametrize("text", ["81050103521", "85073500107", "85O73003328"])
def test_a_refusal_does_not_hold_the_number(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NationalNumberError) as refused:
        read(text)
    error = refused.value
    traces = f"{error} {error!r} {error.args} {error.__dict__} {caplog.text}"
    assert text not in traces
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_refusal_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(NationalNumberError("check")))  # noqa: S301
    assert copy.code == "check"


def test_a_number_does_not_print_itself() -> None:
    number = read("85073003328")
    assert "85" not in f"{number} {number!r}"
