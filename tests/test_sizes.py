"""What can be read in one go: rooms, modules and functions (CONTRIBUTING.md)."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.own_files import OURS, ROOT, files

PRODUCT = {*OURS, "config", "localrun"}
MOST_IN_A_ROOM = 16
LONGEST_MODULE = 300
#: With its signature and what it promises, without its decorators.
LONGEST_FUNCTION = 40

type Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*, of_the_product: bool) -> Iterator[tuple[Path, str]]:
    for path in files(".py"):
        where = path.relative_to(ROOT)
        if "migrations" not in where.parts and (
            (where.parts[0] in PRODUCT) is of_the_product
        ):
            yield where, path.read_text()


def test_no_room_is_too_full() -> None:
    """Modules of a package, and files of templates.

    Not tests and benchmarks, which have one file for each view and each figure.
    """
    counts = Counter(where.parent for where, _ in modules(of_the_product=True))
    for path in files(".html", ".txt", ".css"):
        where = path.relative_to(ROOT)
        if where.parts[0] == "templates":
            counts[where.parent] += 1
    assert {str(room) for room, n in counts.items() if n > MOST_IN_A_ROOM} == set()


def test_no_module_is_too_long_to_read() -> None:
    """Of the product, of the tests, of the bench: the same limit."""
    too_long = {
        str(where)
        for of_the_product in (True, False)
        for where, text in modules(of_the_product=of_the_product)
        if len(text.splitlines()) > LONGEST_MODULE
    }
    assert too_long == set()


def test_no_function_is_too_long_to_read() -> None:
    too_long = {
        f"{where}: {function.name}"
        for where, text in modules(of_the_product=True)
        for function in functions(text)
        if lines(function) > LONGEST_FUNCTION
    }
    assert too_long == set()


def functions(text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function.__value__):
            yield node


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_signature_and_promise_are_counted() -> None:
    text = 'def bow(\n    deep: bool,\n) -> None:\n    """Bow."""\n    print(deep)\n'
    assert [lines(function) for function in functions(text)] == [5]
