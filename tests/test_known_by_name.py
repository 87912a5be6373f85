"""Lower apps name nothing of higher apps, also not as text, which lint-imports cannot
see: no relation of a higher app's model, and no address, template or module.

What a higher app has to show is registered (counter.desk.registry).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.own_files import ROOT, TEMPLATES, files

#: The lowest first, as in pyproject.toml.
APPS = ("counter", "payments", "activation", "notifications")
#: Layouts of staff's pages and what every page uses belong to the lowest app.
OF_THE_COUNTER = (
    "counter/",
    "components/",
    "layouts/base.html",
    "layouts/plain.html",
    "layouts/desk.html",
    "layouts/action.html",
)
#: By place and name, why the name may stand there.
ALLOWED: dict[tuple[str, str], str] = {
    ("payments/closing/day.py", "codes"): "a place in a sentence",
    ("counter/journal/kinds.py", "codes"): "what an entry is about",
    ("counter/journal/kinds.py", "drawers"): "what an entry is about",
    ("counter/journal/kinds.py", "exports"): "what an entry is about",
    ("counter/offices/address_word.py", "payments"): (
        "the first part of an address, which no office may have for its own"
    ),
    ("counter/database/older_database.py", "payments"): (
        "an app whose migrations are looked for before Django starts"
    ),
}

LOOKUP = re.compile(r"-?[a-z][a-z_]*")
TAG = re.compile(r"{[{%].*?[%}]}")


def above(app: str) -> tuple[str, ...]:
    return APPS[APPS.index(app) + 1 :]


def relations_from_above(app: str) -> set[str]:
    """Names by which the ORM leads from models that the app knows to higher apps."""
    names = set()
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in APPS or label in above(app):
            continue
        for relation in model._meta.related_objects:
            if relation.related_model._meta.app_label in above(app):
                names |= {relation.name, relation.get_accessor_name() or ""}
    return names


def names_app_above(text: str, app: str) -> bool:
    """Whether the text names a module, an address or a template of a higher app."""
    return bool(re.match(rf"({'|'.join(above(app))})(_\w+)?[.:/]\w", text))


def docstrings(tree: ast.AST) -> set[ast.expr]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def text_in(node: ast.AST) -> str:
    """The text by which this piece of code may reach something."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.keyword):
        return node.arg or ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def named_in_code(code: str, app: str) -> Iterator[tuple[int, str]]:
    """Yield each name of something in a higher app, with its line."""
    tree = ast.parse(code)
    words = docstrings(tree)
    relations = relations_from_above(app)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and text_in(node.func) == "get_model"
            and node.args
        ):
            label = text_in(node.args[0])
            if label.partition(".")[0] in above(app):
                yield node.lineno, label
        text = text_in(node)
        if not text or node in words:
            continue
        is_lookup = LOOKUP.fullmatch(text) is not None
        if names_app_above(text, app) or (
            is_lookup and relations & set(text.removeprefix("-").split("__"))
        ):
            yield getattr(node, "lineno", 0), text


def named_in_template(text: str, app: str) -> Iterator[tuple[int, str]]:
    relations = relations_from_above(app)
    for number, line in enumerate(text.splitlines(), start=1):
        for tag in TAG.findall(line):
            quoted = re.findall(r"""["']([^"']+)["']""", tag)
            yield from ((number, name) for name in quoted if names_app_above(name, app))
            steps = re.findall(r"\.([a-z_]+)", tag)
            yield from ((number, step) for step in steps if step in relations)


def named_in_app(app: str) -> Iterator[tuple[str, str]]:
    for path in files(".py", ".html"):
        where = str(path.relative_to(ROOT))
        text = path.read_text()
        if path.suffix == ".py" and where.startswith(f"{app}/"):
            if "migrations" in path.parts:
                continue
            named = named_in_code(text, app)
        elif path.is_relative_to(TEMPLATES) and is_template_of(app, path):
            named = named_in_template(text, app)
        else:
            continue
        yield from ((f"{where}:{line}", name) for line, name in named)


def is_template_of(app: str, path: Path) -> bool:
    name = str(path.relative_to(TEMPLATES))
    return name.startswith(OF_THE_COUNTER if app == "counter" else f"{app}/")


@pytest.mark.parametrize("app", APPS[:-1])
def test_a_lower_app_names_nothing_of_a_higher_one(app: str) -> None:
    wrong = {
        f"{where} names {name!r}"
        for where, name in named_in_app(app)
        if (where.partition(":")[0], name) not in ALLOWED
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("app", "code"),
    [
        ("counter", 'rows.filter(codes__state="locked")'),
        ("counter", 'rows.order_by("-payments__receipt__number")'),
        ("counter", "dossier.deliveries.all()"),
        ("counter", 'getattr(person, "key_holder", None)'),
        ("counter", 'apps.get_model("notifications", "Delivery")'),
        ("counter", 'apps.get_model("activation.DigitalKey")'),
        ("counter", 'redirect("activation_desk:pay_and_issue")'),
        ("counter", 'page = "activation/desk/pay_and_issue.html"'),
        ("payments", "payment.dossier.codes.first()"),
        ("activation", "holder.deliveries.count()"),
    ],
)
def test_such_a_name_in_code_is_noticed(app: str, code: str) -> None:
    assert list(named_in_code(code, app))


@pytest.mark.parametrize(
    "text",
    [
        "{% url 'payments_drawers:drawer' as drawer_url %}",
        '{% include "activation/desk/_disputed.html" %}',
        "{% if dossier.address_changes.disputed.exists %}",
        "{{ dossier.deliveries.all.0 }}",
    ],
)
def test_such_a_name_in_a_template_is_noticed(text: str) -> None:
    assert list(named_in_template(text, "counter"))


def test_what_an_app_has_itself_or_below_it_may_be_named() -> None:
    assert not list(named_in_code("payment.dossier.payments.count()", "payments"))
    assert not list(named_in_code("'payments_drawers:drawer'", "activation"))
    assert not list(named_in_template("{% url 'counter_desk:desk' %}", "counter"))
