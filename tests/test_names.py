"""What things are called, and how others call them (CONTRIBUTING.md#names)."""

import ast
from collections.abc import Iterator

from tests.own_files import OURS, ROOT, files

PRODUCT = {*OURS, "config", "localrun"}
#: The one door through which a dossier's state changes is known by its verb alone.
ONE_DOOR = {("counter.dossiers.moves", "move")}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The product's modules by their dotted name, without migrations."""
    for path in files(".py"):
        where = path.relative_to(ROOT).with_suffix("")
        if where.parts[0] in PRODUCT and "migrations" not in where.parts:
            yield ".".join(where.parts), ast.parse(path.read_text())


def services() -> set[tuple[str, str]]:
    """Functions of a module that are atomic, as a whole or in a part."""
    return {
        (name, function.name)
        for name, tree in modules()
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


def test_a_service_is_called_by_its_module() -> None:
    every = services()
    assert ("activation.codes.freezing", "freeze_code") in every
    bare = {
        f"{name}: {module}.{service}"
        for name, tree in modules()
        for module, service in imported(tree)
        if (module, service) in every - ONE_DOOR
    }
    assert bare == set()
