"""What is kept of a person, to be read."""

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
