"""The sheet of paper: what stands on it, that it fits, and what it cannot do."""

import dataclasses
import datetime
import gc
import io
import re
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject, StreamObject

from activation.codes.slip import Slip, SlipOffice, render, warm
from counter.web import pdf as paper
from counter.web import print_font

OFFICE = SlipOffice(
    name="Stadskantoor Leuven",
    address="Professor Van Overstraetenplein 1",
    postal_code="3000",
    city="Leuven",
    phone="016 27 27 27",
    help_phone="02 740 79 91",
)
SLIP = Slip(
    code="7K3MD9QX4RTV5C",
    masked_email="p•••@gm•••.com",
    last_day=datetime.date(2026, 4, 2),
    language="fr",
    applicant_name="Peter Peeters",
    office=OFFICE,
    issued_on=datetime.date(2026, 3, 20),
    reference="SL-2026-000123",
)
LANGUAGES = ("nl", "fr", "de", "en")

# As long as the office's columns allow, in the widest letter; a whole family name.
LONGEST = dataclasses.replace(
    SLIP,
    code="W" * 14,
    masked_email="W•••@WW•••." + "w" * 63,
    last_day=datetime.date(2026, 9, 30),
    applicant_name="WŴ" * 200,
    office=SlipOffice(
        name="W" * 100,
        address="W" * 200,
        postal_code="W" * 10,
        city="W" * 100,
        phone="+32 470 12 34 56 78 90 12 34 5",
        help_phone="+32 470 12 34 56 78 90 12 34 5",
    ),
    reference="W" * 100,
)

# An audit hook cannot be removed, so one is added once and switched on and off.
_watched: list[tuple[str, str]] | None = None
_watching_thread = 0


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _watched is None or threading.get_ident() != _watching_thread:
        return
    if event == "open" or event.startswith(("socket.", "urllib.", "subprocess.")):
        _watched.append((event, str(args[0] if args else "")))


sys.addaudithook(_watch)


@contextmanager
def watching() -> Iterator[list[tuple[str, str]]]:
    """Collect every file this thread opens and every connection it makes."""
    gc.collect()  # ended threads' fonts are freed now and not while we watch
    global _watched, _watching_thread  # noqa: PLW0603 (the hook outlives the test)
    _watched, _watching_thread = [], threading.get_ident()
    try:
        yield _watched
    finally:
        _watched = None


@pytest.fixture(scope="module")
def warmed() -> None:
    """Fonts and templates are read once, before what is watched."""
    warm()


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


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
        "1. Je krijgt een mail op p•••@gm•••.com.",
        "2. Klik op de link in die mail. Dat kan tot en met 2 april 2026.",
        "3. Typ je code.",
        "4. Kies je digitale sleutel: app, sms of e-mail.",
        "Bewaar dit blad. Geef je code aan niemand, ook niet aan de stad.",
        "Geen mail? Kijk bij spam.",
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
    # Tagged, and says so: a screen reader follows headings and steps.
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
    "name",
    [
        "Nguyễn Thị Bích Hằng",
        "Łukasz Żółć-Şahin",
        "Ελένη Παπαδοπούλου",
        "Олена Шевченко",
        "محمد بن عبد الله",
        "王小明",
        "d'Artagnan & Zonen",
        "Z\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}\N{COMBINING TILDE}" * 40,
        "\N{GRINNING FACE}",
        "",
    ],
)
def test_any_name_is_printed(name: str) -> None:
    pdf = render(dataclasses.replace(SLIP, applicant_name=name))

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    if name.isascii():
        assert name in text_of(pdf)


INJECTIONS = [
    '<img src="file:///etc/passwd">',
    '<img src="http://127.0.0.1:9/x.png">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "</style><style>body { background: url(file:///etc/passwd) }</style>",
    '@import "file:///etc/passwd"; @import url(http://127.0.0.1:9/)',
    'x" style="background: url(http://127.0.0.1:9/)',
    "url(file:///etc/passwd)",
    '<a href="http://127.0.0.1:9/">hier</a>',
    '<base href="http://127.0.0.1:9/">',
    '<svg><image href="file:///etc/passwd"/></svg>',
    '<object data="file:///etc/passwd"></object>',
    '<meta name="author" content="x"><title>x</title>',
    "<script>alert(1)</script>",
    "{{ groups }}{% include 'x' %}{% debug %}",
    "</p></body></html><p>",
    "<!--",
    "<![CDATA[",
    "&lt;b&gt;&#0;",
]


def injected(text: str) -> Slip:
    """The text in every place where somebody typed something."""
    office = SlipOffice(
        name=text, address=text, postal_code=text, city=text, phone="1", help_phone="2"
    )
    return dataclasses.replace(
        SLIP, applicant_name=text, masked_email=text, reference=text, office=office
    )


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_typed_is_printed_and_never_obeyed(text: str, warmed: None) -> None:
    slip = injected(text)

    with watching() as seen:
        pdf = render(slip)

    assert seen == []
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    assert "/Annots" not in reader.pages[0]
    assert reader.attachments == {}
    assert reader.metadata is not None
    assert set(reader.metadata) <= {"/Title", "/Producer"}
    printed = re.sub(r"\s", "", text_of(pdf))
    assert f"Voor{re.sub(r'\s', '', text)}" in printed


@pytest.mark.long
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_nothing_typed_opens_a_file_or_spoils_the_page(
    warmed: None, typed: str, language: str
) -> None:
    slip = dataclasses.replace(injected(typed), language=language)

    with watching() as seen:
        pdf = render(slip)

    assert seen == []
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "https://example.com/SourceSansPro-Regular.ttf",
        "file:///etc/passwd",
        "data:text/css,body{}",
        "ftp://127.0.0.1/",
        paper._FONT_URL,
        paper._FONT_URL + "LICENSE.txt",
        paper._FONT_URL + "../../django/__init__.py",
        paper._FONT_URL + "SourceSansPro-Regular.ttf?x",
    ],
)
def test_a_page_that_did_ask_for_a_file_would_get_none(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with watching() as seen, pytest.raises(ValueError, match="its own fonts"):
        paper.FETCHER(url)

    assert seen == []
    assert url not in caplog.text


def test_eight_clerks_print_at_once() -> None:
    """Each thread's first and later slips; a shared font map would abort Python."""
    together = threading.Barrier(8)

    def print_four(number: int) -> list[str]:
        together.wait(timeout=60)
        slip = dataclasses.replace(
            SLIP, code=f"{number:014d}", language=LANGUAGES[number % 4]
        )
        return [text_of(render(slip)) for _ in range(4)]

    with ThreadPoolExecutor(8) as clerks:
        printed = list(clerks.map(print_four, range(8)))

    for number, texts in enumerate(printed):
        for text in texts:
            assert f"0000 0000 0000 0{number}" in text
            assert len(re.findall(r"0000 0000 0000 0\d", text)) in {1, 2}


def test_only_the_fonts_are_read_when_a_thread_prints_its_first_slip() -> None:
    warm()  # what a process reads once: modules, names of months

    def first() -> list[tuple[str, str]]:
        with watching() as seen:
            warm()
        return seen

    with ThreadPoolExecutor(1) as clerk:
        seen = clerk.submit(first).result()

    assert not [event for event, _ in seen if event != "open"]
    temporary = re.compile(r"/weasyprint-\w+/")
    templates = str(Path(__file__).parents[3] / "templates/activation/codes/slip")
    others = {
        path
        for _, path in seen
        if not path.startswith((str(print_font.DIRECTORY), templates))
        and not temporary.search(path)
    }
    assert others == set()
