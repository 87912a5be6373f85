"""The slip of paper: what is printed on it, and that it fits on one page."""

import dataclasses
import datetime
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject, StreamObject

from activation.codes.slip_paper import Slip, render
from activation.letters.wording import OfficeContact
from counter.paper import press
from tests.activation.codes.slips import (
    LANGUAGES,
    SLIP,
    text_of,
)

# The longest texts that the columns allow, in the widest letter, and a very long name.
LONGEST = dataclasses.replace(
    SLIP,
    code="W" * 14,
    masked_email="W•••@WW•••." + "w" * 63,
    last_day=datetime.date(2026, 9, 30),
    applicant_name="WŴ" * 200,
    office=OfficeContact(
        name="W" * 100,
        address="W" * 200,
        postal_code="W" * 10,
        city="W" * 100,
        phone="+32 470 12 34 56 78 90 12 34 5",
        help_phone="+32 470 12 34 56 78 90 12 34 5",
    ),
    reference="W" * 100,
)

#: Of a letter that no font has as one sign.
MARKS = "\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}\N{COMBINING TILDE}"


def in_language(language: str) -> Slip:
    return dataclasses.replace(SLIP, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dutch_text_is_complete(language: str) -> None:
    text = text_of(render(in_language(language)))

    for words in (
        "Stadskantoor Leuven Professor Van Overstraetenplein 1, 3000 Leuven",
        "Je activatiecode",
        "Voor Peter Peeters",
        "7K3M D9QX 4RTV 5C",
        "1. Je krijgt een e-mail op p•••@gm•••.com.",
        "2. Klik op de link in die e-mail. Dat kan tot en met 2 april 2026.",
        "3. Typ je code.",
        "4. Kies je digitale sleutel: app, sms of e-mail.",
        "Bewaar dit blad. Geef je code aan niemand, ook niet aan de stad.",
        "Geen e-mail? Kijk bij spam.",
        "Hulp: 02 740 79 91",
        "Vraag aan de stad: 016 27 27 27",
        "SL-2026-000123 · 20 maart 2026",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("language", "mark", "code", "last_day"),
    [
        ("fr", "Traduction", "Votre code d’activation : 7K3M", "le 2 avril 2026"),
        ("de", "Übersetzung", "Ihr Aktivierungscode: 7K3M", "am 2. April 2026"),
        ("en", "Translation", "Your activation code: 7K3M", "on 2 April 2026"),
    ],
)
def test_the_translation_comes_after_the_dutch_and_is_marked_as_one(
    language: str, mark: str, code: str, last_day: str
) -> None:
    dutch, heading, translation = text_of(render(in_language(language))).partition(
        f"Vertaling / {mark}"
    )

    assert "Vraag aan de stad" in dutch
    assert heading
    assert code in translation
    assert f"{code} D9QX 4RTV 5C" in translation
    assert last_day in translation
    assert "02 740 79 91" in translation
    assert "016 27 27 27" in translation


def test_who_reads_dutch_gets_dutch_alone() -> None:
    assert "Vertaling" not in text_of(render(in_language("nl")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slip", [SLIP, LONGEST], ids=["usual", "longest"])
def test_it_is_one_a5_page_without_a_link(slip: Slip, language: str) -> None:
    pdf = render(dataclasses.replace(slip, language=language))
    reader = PdfReader(io.BytesIO(pdf))

    assert len(reader.pages) == 1
    page = reader.pages[0]
    millimetres = [float(side) / 72 * 25.4 for side in page.mediabox[2:]]
    assert millimetres == pytest.approx([148, 210], abs=0.1)
    assert "/Annots" not in page
    assert "http" not in page.extract_text()
    groups = " ".join(slip.groups)
    assert groups in re.sub(r"\s+", " ", page.extract_text())


def test_the_metadata_names_nobody() -> None:
    reader = PdfReader(io.BytesIO(render(SLIP)))

    assert reader.metadata is not None
    assert set(reader.metadata) <= {"/Title", "/Producer"}
    assert reader.metadata.title == "Activatiecode voor je digitale sleutel"
    assert str(reader.root_object["/Lang"]) == "nl"
    # The file is tagged, and says so: a screen reader follows its headings and steps.
    marks = reader.root_object["/MarkInfo"]
    assert isinstance(marks, DictionaryObject)
    assert marks["/Marked"] == BooleanObject(True)
    described = reader.root_object["/Metadata"]
    assert isinstance(described, StreamObject)
    assert b'pdfuaid:part="1"' in described.get_data()


def test_a_log_line_about_a_slip_has_neither_code_nor_person() -> None:
    assert "7K3M" not in repr(SLIP)
    assert "Peeters" not in repr(SLIP)
    assert "gm•••" not in repr(SLIP)


@pytest.mark.parametrize("code", ["", "7K3M", "7K3M-D9QX-4RTV-5C"])
def test_a_code_of_another_length_is_refused_without_repeating_it(code: str) -> None:
    with pytest.raises(ValueError, match="14 letters and digits") as refusal:
        dataclasses.replace(SLIP, code=code)

    assert not code or code not in str(refusal.value)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="es"):
        in_language("es")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        *(
            (name, name)
            for name in (
                "Nguyễn Thị Bích Hằng",
                "Łukasz Żółć-Şahin",
                "Ελένη Παπαδοπούλου",
                "Олена Шевченко",
                "d'Artagnan & Zonen",
                "",
            )
        ),
        ("محمد بن عبد الله", "???? ?? ??? ????"),
        ("王小明", "???"),
        ("\N{GRINNING FACE}", "?"),
        (f"Z{MARKS}" * 40, f"\N{LATIN CAPITAL LETTER Z WITH ACUTE}{MARKS[1:]}" * 40),
    ],
)
def test_any_name_is_printed(name: str, printed: str) -> None:
    """What the fonts of the paper do not have is a question mark."""
    pdf = render(dataclasses.replace(SLIP, applicant_name=name))

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    after_the_heading = text_of(pdf).partition("Voor ")[2]
    assert after_the_heading.partition("7K3M")[0].strip() == printed


def test_eight_clerks_print_at_once() -> None:
    """With both printers. A font map that threads share would abort Python."""
    together = threading.Barrier(8)

    def print_four(number: int) -> list[str]:
        together.wait(timeout=60)
        slip = dataclasses.replace(
            SLIP, code=f"{number:014d}", language=LANGUAGES[number % 4]
        )
        printer = press.FILES if number % 2 else press.DESK
        return [text_of(printer.run(render, slip)) for _ in range(4)]

    with ThreadPoolExecutor(8) as clerks:
        printed = list(clerks.map(print_four, range(8)))

    for number, texts in enumerate(printed):
        for text in texts:
            assert f"0000 0000 0000 0{number}" in text
            assert len(re.findall(r"0000 0000 0000 0\d", text)) in {1, 2}
