"""A part that is cached for everybody shows nothing of the page it was drawn for."""

import datetime

import pytest
from django.template import Context, Template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import override
from pytest_django import Settings

from counter.dossiers.form_layout import _free_route
from counter.dossiers.forms import RecordForm
from counter.models import Clerk
from counter.web.kept import Blank, kept
from tests.undefined import UndefinedVariableError

KEYS = "layouts/_desk_keys.html"


def test_a_piece_is_drawn_once_for_each_language_and_value() -> None:
    with override("nl"):
        dutch = kept(KEYS, works=True)
        assert kept(KEYS, works=True) is dutch
        less = kept(KEYS, works=False)
    with override("en"):
        english = kept(KEYS, works=True)
    assert "<kbd>H</kbd>" in dutch
    assert "<kbd>H</kbd>" not in less
    assert "to the desk" in english
    assert "to the desk" not in dutch


def test_nothing_of_the_page_reaches_it() -> None:
    page = '{% load kept %}{% kept "counter/dossiers/recording/_free_route.html" %}'
    typed = {"choices": [("planted", "planted")], "chosen": "planted"}
    # Elsewhere a missing variable is drawn as nothing; in tests it is an error.
    with pytest.raises(UndefinedVariableError, match="choices"):
        Template(page).render(Context(typed))


def test_marked_and_unmarked_text_are_not_the_same_piece() -> None:
    """Python finds both equal, but a page escapes only the unmarked text."""
    template = "counter/dossiers/recording/_free_route.html"
    values = {"routes": (), "chosen": "", "is_missing": False}
    marked = kept(template, choices=(("1", SafeString("<b>x</b>")),), **values)
    assert "<b>x</b>" in marked
    assert "<b>x</b>" not in kept(template, choices=(("1", "<b>x</b>"),), **values)


def test_what_was_sent_as_a_reason_is_in_no_piece(els: Clerk) -> None:
    sent = "peter, of a name"
    form = RecordForm({"reason": sent}, clerk=els, today=datetime.date(2026, 11, 24))
    values = _free_route(form)
    assert form.errors["reason"]
    assert values["is_missing"]
    assert sent not in str(values)


def test_while_templates_are_written_it_is_drawn_anew(settings: Settings) -> None:
    settings.DEBUG = True
    assert kept(KEYS, works=True) is not kept(KEYS, works=True)


SCRIPTS = "layouts/_scripts.html"


def test_a_blank_is_filled_in_for_each_page() -> None:
    pages = [kept(SCRIPTS, csp_nonce=Blank(nonce)) for nonce in ("of-one", "of-two")]
    assert [page.count("of-one") for page in pages] == [3, 0]
    assert [page.count("of-two") for page in pages] == [0, 3]


def test_a_blank_is_escaped_like_any_variable() -> None:
    path = '/"><script>&'
    drawn = kept("components/languages.html", path=Blank(path))
    assert path not in drawn
    assert f'href="/fr{escape(path)}"' in drawn
    safe = kept("components/languages.html", path=Blank(SafeString("/?a=1&amp;b=2")))
    assert 'href="/fr/?a=1&amp;b=2"' in safe


def test_a_blank_that_the_template_does_not_show_is_refused() -> None:
    """A filter or a condition would see the mark that stands for it, not its text."""
    with pytest.raises(ValueError, match="path"):
        kept(SCRIPTS, csp_nonce=Blank("nonce"), path=Blank("/"))


def test_a_row_of_the_database_is_no_value(els: Clerk) -> None:
    """A row equals itself before a change, so the old text would be shown for ever."""
    for value in (els.office, ("office", els.office)):
        with pytest.raises(TypeError, match="before a change"):
            kept("components/office_help.html", office=value)
