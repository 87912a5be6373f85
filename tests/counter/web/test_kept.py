"""What is drawn once for everybody shows nothing of the page that it was drawn for."""

import pytest
from django.template import Context, Template
from django.utils.translation import override
from pytest_django import Settings

from counter.web.kept import kept
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
    page = '{% load kept %}{% kept "counter/recording/_free_route.html" %}'
    typed = {"choices": [("planted", "planted")], "chosen": "planted"}
    # Elsewhere it would be empty; in tests what a template does not have is an error.
    with pytest.raises(UndefinedVariableError, match="choices"):
        Template(page).render(Context(typed))


def test_while_templates_are_written_it_is_drawn_anew(settings: Settings) -> None:
    settings.DEBUG = True
    assert kept(KEYS, works=True) is not kept(KEYS, works=True)
