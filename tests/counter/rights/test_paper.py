"""The export of a person's data as a PDF, which people can read."""

from io import BytesIO

from pypdf import PdfReader

from counter.models import Clerk
from tests import cast
from tests.counter.retention.person import Whole
from tests.counter.rights.test_export import asked


def test_as_paper_it_can_be_read(peter: Whole, sofie: Clerk) -> None:
    response = asked(peter.person, sofie, form="pdf", language="de")
    assert response["Content-Type"] == "application/pdf"
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    text = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(response.content)).pages
    )
    assert "Alles, was wir über Sie aufbewahren" in text
    assert "Zonnebloemen" in text
    assert cast.PETER_NUMBER in text


def test_paper_leaves_out_what_is_empty_and_writes_amounts_with_their_sign(
    peter: Whole, sofie: Clerk
) -> None:
    response = asked(peter.person, sofie, form="pdf", language="nl")

    pages = PdfReader(BytesIO(response.content)).pages
    lines = [line for page in pages for line in page.extract_text().splitlines()]

    assert not [line for line in lines if line.endswith(" -")]
    assert any("€\N{NO-BREAK SPACE}10,00" in line for line in lines)
    assert [f"1 / {len(pages)}" in pages[0].extract_text(), len(pages) > 1] == [
        True
    ] * 2
