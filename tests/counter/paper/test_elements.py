"""Documents are the same, byte for byte, as with WeasyPrint's own stylesheet."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from weasyprint import HTML

from activation.codes.slip_paper import render
from counter.paper import sheets
from counter.paper.sheets import Sheets
from tests.activation.codes.slips import LANGUAGES, injected

TEMPLATES = Path(__file__).parents[3] / "templates"
#: For each stylesheet, patterns of the templates of its documents.
DOCUMENTS = {
    "activation/codes/slip/slip.css": ("activation/codes/slip/*.html",),
    "counter/rights/paper.css": ("counter/rights/paper.html",),
    "payments/receipts/paper.css": (
        "payments/receipts/paper.html",
        "payments/closing/paper_day.html",
        "payments/closing/_day.html",
        "payments/closing/_agreed.html",
    ),
}
EVERY_ELEMENT = """<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>Proef</title></head>
<body>
  <header><p>Een <b>vet</b> woord</p><p>en <span>een ander</span></p></header>
  <h1>Titel</h1><h2>Onder de titel</h2>
  <section lang="fr"><h2>Encore un</h2><ol><li>un</li><li>deux</li></ol></section>
  <div><h2>Rijen</h2><ul><li>een</li><li>twee</li></ul></div>
  <table>
    <thead><tr><th scope="col">Wat</th><th scope="col">Hoeveel</th></tr></thead>
    <tbody><tr><th scope="row">Dit</th><td>1</td></tr><tr><td>dat</td></tr></tbody>
  </table>
  <table><tr><th scope="row">Zonder kop</th><td><ul><li>2</li></ul></td></tr></table>
  <footer>Onderaan</footer>
</body></html>"""


@pytest.fixture
def whole_stylesheet(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Pages have WeasyPrint's own stylesheet until the test calls `undo`."""
    with monkeypatch.context() as patch:
        patch.setattr(sheets, "_Page", HTML)
        yield patch


def elements(text: str) -> set[str]:
    return set(re.findall(r"<([a-z][a-z0-9]*)", text))


@pytest.mark.parametrize("stylesheet", DOCUMENTS)
def test_every_element_is_drawn_as_by_weasyprint_s_own_stylesheet(
    stylesheet: str, whole_stylesheet: pytest.MonkeyPatch
) -> None:
    printer = Sheets(stylesheet)
    whole = printer.pdf(EVERY_ELEMENT)
    whole_stylesheet.undo()
    assert printer.pdf(EVERY_ELEMENT) == whole


def test_other_elements_would_look_different(
    whole_stylesheet: pytest.MonkeyPatch,
) -> None:
    """So pages do use our own stylesheet, and other tests compare two stylesheets."""
    printer, page = Sheets("counter/rights/paper.css"), "<h3>a</h3><p>x <i>y</i></p>"
    whole = printer.pdf(page)
    whole_stylesheet.undo()
    assert printer.pdf(page) != whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_is_drawn_as_by_weasyprint_s_own_stylesheet(
    language: str, whole_stylesheet: pytest.MonkeyPatch
) -> None:
    slip = dataclasses.replace(injected("Jan " * 20), language=language)
    whole = render(slip)
    whole_stylesheet.undo()
    assert render(slip) == whole


@pytest.mark.parametrize("stylesheet", DOCUMENTS)
def test_every_element_of_the_documents_is_among_those_that_are_compared(
    stylesheet: str,
) -> None:
    files = [
        file for pattern in DOCUMENTS[stylesheet] for file in TEMPLATES.glob(pattern)
    ]
    assert len(files) >= len(DOCUMENTS[stylesheet])
    used = set().union(*(elements(file.read_text()) for file in files))
    assert used - elements(EVERY_ELEMENT) == set()
