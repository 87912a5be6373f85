"""No name on the slip is drawn as a box, whatever letters it has."""

import dataclasses
import io
import re

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from activation.codes.slip_paper import render
from tests.activation.codes.slips import LANGUAGES, SLIP, injected, text_of


def glyphs_of(pdf: bytes) -> set[str]:
    """The numbers of the glyphs on the pages, in hexadecimal; 0000 is the box."""
    drawn: set[str] = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        content = page.get_contents()
        assert content is not None
        for text in re.findall(rb"<([0-9a-fA-F]+)>", content.get_data()):
            written = text.decode()
            drawn |= {written[at : at + 4] for at in range(0, len(written), 4)}
    return drawn


def fonts_of(pdf: bytes) -> set[str]:
    names: set[str] = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources = page["/Resources"].get_object()
        assert isinstance(resources, DictionaryObject)
        listed = resources["/Font"].get_object()
        assert isinstance(listed, DictionaryObject)
        for font in listed.values():
            kind = font.get_object()
            assert isinstance(kind, DictionaryObject)
            names.add(str(kind["/BaseFont"]).rpartition("+")[2])
    return names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        "Peter",
        "\u738b\u5c0f\u660e",
        "\u0e2a\u0e21\u0e0a",
        "\u12a0\u1260",
        "\u0645\u062d\u0645\u062f",
        "\u10d2\u10d8",
        "\U0001f600",
        "Nguy\u1ec5n Z\u0301\u0327\u0303",
        "\u0905\u0928\u0941",
        "a\u202fb\u3000c\u200dd",
    ],
)
def test_no_slip_has_a_box_on_it_or_a_font_of_the_machine(
    typed: str, language: str
) -> None:
    pdf = render(dataclasses.replace(injected(typed), language=language))
    assert glyphs_of(pdf)
    assert "0000" not in glyphs_of(pdf)
    assert fonts_of(pdf) <= {"Slip", "Slip-Bold"}


def test_what_cannot_be_printed_is_told_by_a_question_mark() -> None:
    pdf = render(dataclasses.replace(SLIP, applicant_name="\u738b Ye\u0199u \u1e9en"))
    assert "? Ye?u" in text_of(pdf)
