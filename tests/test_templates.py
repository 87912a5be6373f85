"""Conventions of templates that fail the build instead of being written down."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, Template

from tests.own_files import TEMPLATES, files
from tests.undefined import UndefinedVariableError


def templates() -> Iterator[tuple[str, str]]:
    for path in files(".html", ".txt", ".svg"):
        if path.is_relative_to(TEMPLATES):
            yield str(path.relative_to(TEMPLATES)), path.read_text()


FOUND_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# Their names are put together from a language, by Django's admin or by crispy-forms.
PUT_TOGETHER = re.compile(
    r"activation/codes/slip/_(nl|fr|de|en)\.html"
    r"|notifications/letters/\w+(/\w+)?/(nl|fr|de|en)\.txt"
    r"|admin/.*|forms/.*"
)
# Not pages: paper, and mails, which know no stylesheet.
NO_PAGE = re.compile(
    r"activation/codes/slip/.*|payments/\w+/paper.*|notifications/letters/.*"
)
LONGEST_LINE = 120
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)


def test_every_template_is_used() -> None:
    code = "\n".join(
        path.read_text() for path in files(".py") if "tests" not in path.parts
    )
    all_templates = dict(templates())
    for name in all_templates:
        if name in FOUND_BY_DJANGO or PUT_TOGETHER.fullmatch(name):
            continue
        others = "\n".join(
            text for other, text in all_templates.items() if other != name
        )
        stem = Path(name).stem
        named = (f'"{name}"', f"'{name}'", f"{name}#")
        is_used = any(spelling in code + others for spelling in named) or (
            # localrun.inbox.views puts "local/" before and ".html" behind.
            name.startswith("local/") and f'"{stem}"' in code
        )
        assert is_used, f"{name} is used nowhere"


def test_a_line_of_a_template_is_short_enough_to_read() -> None:
    too_long = [
        f"{name}:{number}"
        for name, text in templates()
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) >= LONGEST_LINE
    ]
    assert too_long == []


def test_every_form_that_posts_has_its_token() -> None:
    form = re.compile(
        r"<form\b[^>]*\bmethod=\"?post\"?.*?</form>", re.DOTALL | re.IGNORECASE
    )
    for name, text in templates():
        for posted in form.findall(text):
            assert "csrf_token" in posted or "hx-headers" in posted, name


def test_nothing_is_inline() -> None:
    """The policy forbids it, so it would do nothing in a browser."""
    inline = re.compile(
        r"<[^>{]*\sstyle\s*=|<[^>]*\son[a-z]+\s*=|<style\b|javascript:"
        r"|<script(?![^>]*\bsrc=)(?![^>]*application/json)",
        re.IGNORECASE,
    )
    for name, text in templates():
        if NO_PAGE.fullmatch(name):
            continue
        match = inline.search(COMMENT.sub("", text))
        assert not match, f"{name}: {match and match[0]}"


def test_every_script_carries_the_nonce_and_is_our_own() -> None:
    script = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
    for name, text in templates():
        for tag in script.findall(text):
            if "application/json" in tag:
                continue
            assert "csp_nonce" in tag, f"{name}: {tag}"
            assert "{% static" in tag or "{% url" in tag, f"{name}: {tag}"


def test_nothing_comes_from_elsewhere() -> None:
    loads = re.compile(r"(?:src|href|action)=\"(?:https?:)?//[^\"]+\"")
    for name, text in templates():
        tags = re.findall(r"<(?:script|link|img|iframe|form)\b[^>]*>", text)
        for tag in tags:
            assert not loads.search(tag), f"{name}: {tag}"


@pytest.mark.parametrize(
    "text", ["{{ nobody }}", "{% for x in nobody %}{% endfor %}", "{{ nobody.name }}"]
)
def test_an_undefined_variable_is_noticed(text: str) -> None:
    template = Template(text)
    for node in template.nodelist:
        node.origin.name = str(TEMPLATES / "pretended.html")
    with pytest.raises(UndefinedVariableError):
        template.render(Context())


def test_an_absence_that_is_meant_is_not() -> None:
    template = Template("{% if nobody %}x{% endif %}{{ nobody|default:'-' }}")
    for node in template.nodelist:
        node.origin.name = str(TEMPLATES / "pretended.html")
    assert template.render(Context()) == "-"
