"""No text that somebody types makes a slip open a file or a connection."""

import dataclasses
import gc
import io
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from activation.codes.slip_paper import render, warm
from config import server
from counter.paper import press, print_font
from counter.paper import sheets as paper
from tests.activation.codes.slips import (
    LANGUAGES,
    injected,
    text_of,
)

# An audit hook cannot be removed, so one is added once and switched on and off.
_watched: list[tuple[str, str]] | None = None
_watching_thread = ""


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _watched is None:
        return
    # counter.paper.press draws slips in threads whose names begin with "printer".
    name = threading.current_thread().name
    if name != _watching_thread and not name.startswith("printer"):
        return
    if event == "open" or event.startswith(("socket.", "urllib.", "subprocess.")):
        _watched.append((event, str(args[0] if args else "")))


sys.addaudithook(_watch)


@contextmanager
def watching() -> Iterator[list[tuple[str, str]]]:
    """Collect every file that this thread and the printers open, and every connection
    that they make.
    """
    gc.collect()  # frees the fonts of ended threads now, not while we watch
    global _watched, _watching_thread  # noqa: PLW0603 (the hook outlives the test)
    _watched, _watching_thread = [], threading.current_thread().name
    try:
        yield _watched
    finally:
        _watched = None


@pytest.fixture(scope="module")
def warmed() -> None:
    """Fonts and templates are read before a test watches, because that happens once."""
    warm()


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


def test_only_the_fonts_are_read_when_a_printer_prints_its_first_slip() -> None:
    warm()  # reads what a process reads once: modules, names of months
    press._renew()
    with watching() as seen:
        warm()

    assert any(path.startswith(str(print_font.DIRECTORY)) for _, path in seen)
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


def test_the_web_server_s_printer_is_warm_before_the_first_slip() -> None:
    warm()  # reads what a process reads once, whichever tests ran before
    press._renew()
    server.post_worker_init(None)
    press.DESK.run(gc.collect)  # returns after the warming, which is queued before it
    with watching() as seen:
        for name in ("Jan", "Piet", "An", "Els"):
            render(injected(name))

    assert seen == []
