"""docs/settings.md names every variable that is read, with its default."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings.base import EXPECTED_PARTS
from counter.management.commands import create_roles, restore_check

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| `([A-Z_]+)` \|(.*?)\| .+ \|$", re.MULTILINE)
TOOLS = ("tests", "bench", "localrun")
#: Nobody sets these by hand: the system, Django or a parent process does.
GIVEN = {"PATH", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "DATABASE_LOG"}
#: Not required; their default is not in the call that reads them.
OPTIONAL = {
    "MOST_A_MINUTE",
    "EXPORT_ACCOUNTS",
    "CITY_SIGN_ON_ROLES",
    "SMS_HEADERS",
    "SMS_SUCCESS_BODY",
    "SMS_REFUSED_BODY",
}


def calls(path: str) -> Iterator[ast.Call]:
    tree = ast.parse((ROOT / path).read_text())
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def read() -> Iterator[tuple[str, str]]:
    """Each variable that servers read, with its default as the page writes it."""
    for module in ("production", "city_sign_on", "bounces"):
        for call in calls(f"config/settings/{module}.py"):
            if call.args and ast.unparse(call.func).startswith("environment."):
                yield written(call)
    for call in calls("config/server.py"):
        if ast.unparse(call.func) in {"os.environ.get", "environment.integer"}:
            yield written(call)
    for name in create_roles._VARIABLES:
        yield name, ""
    yield restore_check.SERVER, ""


def of_the_environment(node: ast.AST) -> str | None:
    """The name in `os.environ.get("NAME")` or `os.environ["NAME"]`."""
    match node:
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]):
            return name if ast.unparse(func) == "os.environ.get" else None
        case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
            return name if ast.unparse(value) == "os.environ" else None
    return None


def read_by_tools() -> set[str]:
    """The variables that only tests, benchmarks and the embedded run read.

    BENCH_... are left out: one part of a benchmark sets them for another.
    """
    files = [file for top in TOOLS for file in (ROOT / top).rglob("*.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    names = filter(None, map(of_the_environment, nodes))
    return {name for name in names if not name.startswith("BENCH_")} - GIVEN


def written(call: ast.Call) -> tuple[str, str]:
    name, *defaults = map(ast.unparse, call.args)
    defaults += [
        ast.unparse(keyword.value)
        for keyword in call.keywords
        if keyword.arg == "default"
    ]
    default = defaults[-1] if defaults else ""
    of_code = {"''": "empty", "True": "on", "False": "off", "": ""}
    of_code["EXPECTED_PARTS"] = f"`{','.join(EXPECTED_PARTS)}`"
    shown = of_code.get(default, f"`{default.strip(chr(39))}`")
    name = name.strip("'")
    return name, "" if name in OPTIONAL else shown


def documented(*, of_servers: bool) -> dict[str, str]:
    page = (ROOT / "docs" / "settings.md").read_text()
    servers, machine = page.split("## On one machine\n")
    rows = ROW.findall(servers if of_servers else machine)
    return {name: default.strip() for name, default in rows}


def test_every_variable_is_told_with_its_default() -> None:
    assert dict(read()) == documented(of_servers=True)


def test_what_the_embedded_run_reads_is_told() -> None:
    read_there = {
        ast.literal_eval(call.args[0])
        for module in ("config/settings/dev.py", "config/settings/city_sign_on.py")
        for call in calls(module)
        if ast.unparse(call.func).startswith("environment.")
    }
    assert read_there <= {*documented(of_servers=True), *documented(of_servers=False)}


def test_what_tests_and_benchmarks_read_is_told() -> None:
    read_there = read_by_tools()
    assert {"SOAK", "VISITS", "PORT"} <= read_there
    assert read_there <= {*documented(of_servers=True), *documented(of_servers=False)}


def test_what_is_told_of_one_machine_is_read_there() -> None:
    files = ("Makefile", ".ci/python", ".ci/run")
    paths = [ROOT / name for name in (*files, "config/settings/dev.py")]
    text = "".join(path.read_text() for path in paths)
    for name in documented(of_servers=False).keys() - read_by_tools():
        assert re.search(rf"\b{name}\b", text), name


@pytest.mark.parametrize("name", ["PORT", "JOBS"])
def test_what_make_takes_has_the_default_that_is_told(name: str) -> None:
    default = re.search(
        rf"^{name} \?= (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert default
    assert documented(of_servers=False)[name] == f"`{default[1]}`"
