"""What things are called, and how others call them (CONTRIBUTING.md#names)."""

import ast
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

from tests.own_files import OURS, ROOT, files

PRODUCT = {*OURS, "config", "localrun"}
SAYS_NOTHING = {
    *("came", "found", "gone", "got", "how", "it", "made", "said", "told", "way"),
    *("ways", "went", "what"),
}
#: The one door through which a dossier's state changes is known by its verb alone.
ONE_DOOR = {("counter.dossiers.moves", "move")}


def modules(*tops: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of these folders by their dotted name, without migrations."""
    for path in files(".py"):
        where = path.relative_to(ROOT).with_suffix("")
        if where.parts[0] in tops and "migrations" not in where.parts:
            yield ".".join(where.parts), ast.parse(path.read_text())


def services() -> set[tuple[str, str]]:
    """Functions of a module that are atomic, as a whole or in a part."""
    return {
        (name, function.name)
        for name, tree in modules(*PRODUCT)
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        if any("atomic" in ast.unparse(mark) for mark in marks(function))
    }


def marks(function: ast.FunctionDef) -> Iterator[ast.expr]:
    yield from function.decorator_list
    for node in ast.walk(function):
        if isinstance(node, ast.With):
            yield from (item.context_expr for item in node.items)


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", one.name) for one in node.names)


def variables(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a variable, a parameter or a field of a class gets its name."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store(), id=name) | ast.arg(arg=name):
                yield node.lineno, name


def test_a_name_says_what_it_holds() -> None:
    """Not where it came from: the reader would have to look there."""
    empty = {
        f"{module}:{line}: {name}"
        for module, tree in modules(*PRODUCT, "bench")
        for line, name in variables(tree)
        if name in SAYS_NOTHING
    }
    assert empty == set()


def test_a_service_is_called_by_its_module() -> None:
    every = services()
    assert ("activation.codes.freezing", "freeze_code") in every
    bare = {
        f"{name}: {module}.{service}"
        for name, tree in modules(*PRODUCT)
        for module, service in imported(tree)
        if (module, service) in every - ONE_DOOR
    }
    assert bare == set()


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    """Each address of ours by its name, with the name of its view."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, pattern.namespace or namespace)
        elif namespace.partition("_")[0] in OURS:
            yield f"{namespace}:{pattern.name}", pattern.callback.__name__


def test_an_address_has_the_name_of_its_view() -> None:
    named = dict(addresses(get_resolver()))
    assert "activation_holder:overview" in named
    assert {
        address: view
        for address, view in named.items()
        if address.partition(":")[2] != view
    } == {}
