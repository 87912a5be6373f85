"""Every command that the documents tell somebody to type is one that works.

Nothing is started: a target of make must exist, a command of manage.py must take its
options, a service of compose must be there. What cannot be looked at here is named with
its reason.
"""

import ast
import functools
import importlib.util
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCED = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
ASSIGNMENT = re.compile(r"[A-Z_]+=")
TYPED = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:(?:make|docker|git|python|manage\.py) \S.*|\.ci/\S.*)"
)
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
VARIABLE = re.compile(r"`([A-Z_]+)`")
#: Programs of the machine, whose options are their own.
OTHERS = {
    "age": "of whoever has a backup's key",
    "age-keygen": "of whoever makes one",
    "cp": "of every Unix",
    "git": "of every developer's machine",
    "openssl": "of every server",
    "pip": "of every environment of Python",
    "python3": "of every server",
    "systemctl": "of every server with systemd",
    "useradd": "of every server",
}


def commands() -> Iterator[tuple[str, str]]:
    """Each command once with the page that it stands on."""
    seen = set()
    for page in PAGES:
        if not page.is_file():
            continue
        text = page.read_text()
        blocks = FENCED.findall(text)
        lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
        inline = [
            " ".join(code.split())
            for code in INLINE.findall(FENCED.sub("", text))
            if TYPED.fullmatch(" ".join(code.split()))
        ]
        for command in filter(None, map(str.strip, [*lines, *inline])):
            if command not in seen and not command.startswith("#"):
                seen.add(command)
                yield page.name, command


def words(command: str) -> list[str]:
    """Without comments, redirections and variables that are set for it alone."""
    parts = shlex.split(command, comments=True)
    for place, word in enumerate(parts):
        if word in {"<", ">", "|", "&&"}:
            parts = parts[:place]
            break
    while parts and ASSIGNMENT.match(parts[0]):
        name = parts.pop(0).partition("=")[0]
        assert name in known_variables(), f"{name} is no variable of this product"
    return parts


def known_variables() -> set[str]:
    output = "".join(
        (ROOT / "docs" / page).read_text() for page in ("settings.md", "servers.md")
    )
    return {
        *VARIABLE.findall(output),
        *VARIABLE.findall((ROOT / "README.md").read_text()),
    }


@functools.cache
def targets() -> frozenset[str]:
    """Those of the Makefile; nothing is made to find out."""
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


def check_manage(arguments: list[str]) -> None:
    name, *options = arguments
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    command.create_parser("manage.py", name).parse_args(options)


def check_python(arguments: list[str]) -> None:
    match arguments:
        case ["manage.py", *rest]:
            check_manage(rest)
        case ["-c", code]:
            ast.parse(code)
        case ["-m", "pytest", *rest]:
            for path in rest:
                if path.startswith("tests"):
                    assert (ROOT / path.partition("::")[0]).exists(), path
        case ["-m", module, *_rest]:
            assert importlib.util.find_spec(module), module
        case _:
            pytest.fail(f"python {shlex.join(arguments)}: nobody looks at that")


def check_docker(arguments: list[str]) -> None:
    """Of compose: the services that it names, and what is run in one of them."""
    match [word for word in arguments if not word.startswith("-")]:
        case ["compose", "run", service, *rest]:
            assert service in SERVICES, service
            if rest:
                check(rest)
        case ["compose", "exec", service, *_rest]:
            assert service in SERVICES, service
        case ["compose", "stop" | "start" | "restart", *services]:
            assert set(services) <= SERVICES.keys(), services
        case ["compose", "up", *rest]:
            named = {word.partition("=")[0] for word in rest}
            assert named <= SERVICES.keys(), rest
        case ["compose"] | ["compose", "build" | "ps"]:
            pass
        case _:
            pytest.fail(f"docker {shlex.join(arguments)}: nobody looks at that")


def check_systemd_run(arguments: list[str]) -> None:
    """With properties that the units have, and a command that works."""
    units = "\n".join(file.read_text() for file in (ROOT / "systemd").iterdir())
    while arguments[0].startswith("-"):
        option, *arguments = arguments
        if option == "-p":
            given, *arguments = arguments
            assert f"{given.partition('=')[0]}=" in units, given
        else:
            assert option in {"--pipe", "--pty", "--wait", "--collect"}, option
    check(arguments)


def check(typed: list[str]) -> None:
    looks: dict[str, Callable[[list[str]], None]] = {
        "make": check_make,
        "manage.py": check_manage,
        "python": check_python,
        ".venv/bin/python": check_python,
        "docker": check_docker,
        "systemd-run": check_systemd_run,
    }
    program, *arguments = typed
    if program in looks:
        looks[program](arguments)
    elif program.startswith(".ci/"):
        assert (ROOT / program).stat().st_mode & 0o100, f"{program} is no program"
    else:
        assert program in OTHERS, f"{program}: nobody looks at that"


@pytest.mark.parametrize(("where", "command"), list(commands()))
def test_a_command_can_be_typed(where: str, command: str) -> None:
    if typed := words(command):
        check(typed)


def test_the_commands_are_found() -> None:
    written = {command for _, command in commands()}
    assert {"make run", "python manage.py create_roles"} <= {
        command.partition("  ")[0] for command in written
    }
