"""`make diagrams`: draw docs/diagrams.md from the code.

`python -m config.diagrams` writes the page, `--check` only compares. The diagrams are
in Mermaid, which GitHub and most readers of Markdown draw. No database is needed.
"""

import ast
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Final

import django
from celery.schedules import crontab
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import override

#: The lowest app first: each may be imported by those after it.
APPS: Final = ("counter", "payments", "activation", "notifications")
_DJANGOS: Final = {"admin", "management", "migrations", "models", "templatetags"}
_HEAD: Final = """\
# Diagrams

Drawn by `make diagrams` from the rooms and their docstrings, the tables of moves beside
the enums, the schedule and the models; `make check` fails when this page is behind. How
all of it hangs together stands in [architecture.md](architecture.md), the locks in
[concurrency.md](concurrency.md).
"""


@dataclass(frozen=True)
class Machine:
    """A state column, and the states that may follow each state, in the enum's order.

    `table` is the name of that table of moves in the code.
    """

    title: str
    model: type[models.Model]
    table: str
    moves: dict[models.TextChoices, list[models.TextChoices]]


def _machine(title: str, label: str, enums: ModuleType, table: str) -> Machine:
    moves: Mapping[models.TextChoices, frozenset[models.TextChoices]]
    moves = getattr(enums, table)
    in_order: dict[models.TextChoices, list[models.TextChoices]] = {
        state: [to for to in type(state) if to in moves[state]] for state in moves
    }
    model = apps.get_model(label)
    return Machine(title, model, f"{enums.__name__}.{table}", in_order)


def machines() -> list[Machine]:
    """The models with a table of moves. Imported late: enums need Django to be set
    up.
    """
    from activation import enums as activation  # noqa: PLC0415
    from counter import enums as counter  # noqa: PLC0415
    from notifications import enums as notifications  # noqa: PLC0415
    from payments import enums as payments  # noqa: PLC0415

    return [
        _machine("Dossier", "counter.Dossier", counter, "ALLOWED_MOVES"),
        _machine(
            "Activation code", "activation.ActivationCode", activation, "CODE_MOVES"
        ),
        _machine("Digital key", "activation.DigitalKey", activation, "KEY_MOVES"),
        _machine("Delivery", "notifications.Delivery", notifications, "DELIVERY_MOVES"),
        _machine("Drawer", "payments.DrawerSession", payments, "DRAWER_MOVES"),
        _machine("Reversal", "payments.Reversal", payments, "REVERSAL_MOVES"),
    ]


def page() -> str:
    """The whole page, in English whatever the language of the process is."""
    with override("en"):
        parts = [_HEAD, "\n".join(_rooms_section()), "## States\n"]
        parts += ["\n".join(_state_section(machine)) for machine in machines()]
        parts.append("\n".join(_schedule_section()))
        parts.append("## Tables\n")
        parts += ["\n".join(_tables_section(app)) for app in APPS]
    return "\n".join(parts)


def _rooms_section() -> Iterator[str]:
    yield "## Rooms\n"
    yield "```mermaid"
    yield "flowchart LR"
    for app in APPS:
        yield f"    subgraph {app}"
        yield from (f'        {app}_{room.name}["{room.name}"]' for room in _rooms(app))
        yield "    end"
    for lower, higher in pairwise(APPS):
        yield f"    {higher} --> {lower}"
    yield "```\n"
    yield "| room | what lives there |"
    yield "|---|---|"
    for app in APPS:
        for room in _rooms(app):
            yield f"| `{app}/{room.name}/` | {_first_sentences(room)} |"
    yield ""


def _rooms(app: str) -> list[Path]:
    """The rooms of an app: its folders that Django does not prescribe."""
    here = Path(settings.BASE_DIR) / app
    folders = [path.parent for path in here.glob("*/__init__.py")]
    return sorted(path for path in folders if path.name not in _DJANGOS)


def _first_sentences(room: Path) -> str:
    """The first paragraph of the room's docstring."""
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def _state_section(machine: Machine) -> Iterator[str]:
    columns = {field.name: field for field in machine.model._meta.concrete_fields}
    yield f"### {machine.title}\n"
    yield f"`{machine.table}`\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in machine.moves:
        if state.label != state.value:
            yield f'    state "{state.label}" as {state.value}'
    yield f"    [*] --> {columns['state'].get_default()}"
    for state, targets in machine.moves.items():
        for target in targets:
            yield f"    {state.value} --> {target.value}"
        if not targets:
            yield f"    {state.value} --> [*]"
    yield "```\n"
    yield "| state | may become | since when, in |"
    yield "|---|---|---|"
    for state, targets in machine.moves.items():
        names = ", ".join(str(target.label) for target in targets)
        since = f"{state.value}_at"
        column = f"`{since}`" if since in columns else ""
        yield f"| {state.label} | {names or 'nothing else'} | {column} |"
    yield ""


def _schedule_section() -> Iterator[str]:
    """When Celery's beat starts which task, with the first paragraph of its
    docstring.
    """
    yield "## What runs by itself\n"
    yield "Times are Brussels', as cron writes them.\n"
    yield "| task | when | does |"
    yield "|---|---|---|"
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        name, when = str(entry["task"]), entry["schedule"]
        task = pkgutil.resolve_name(name)
        does = " ".join((inspect.getdoc(task.run) or "").split("\n\n")[0].split())
        # Celery shows a time as `<crontab: 15 * * * * (m/h/dM/MY/d)>`.
        cron = str(when).removeprefix("<crontab: ").partition(" (")[0]
        times = f"`{cron}`" if isinstance(when, crontab) else f"every {when} seconds"
        yield f"| `{name}` | {times} | {does} |"
    yield ""


def _tables_section(app: str) -> Iterator[str]:
    """One diagram for each app; tables of other apps are boxes without columns."""
    yield f"### {app}\n"
    yield "```mermaid"
    yield "erDiagram"
    ours = sorted(
        apps.get_app_config(app).get_models(), key=lambda model: model.__name__
    )
    for model in ours:
        yield from _relations(model)
    for model in ours:
        yield f"    {model.__name__} {{"
        for field in model._meta.concrete_fields:
            yield f"        {_column(field)}"
        yield "    }"
    yield "```\n"


def _relations(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(target, type):
            continue
        many = "|o" if field.unique else "}o"
        one = "o|" if field.null else "||"
        yield f'    {model.__name__} {many}--{one} {target.__name__} : "{field.name}"'
    for field in model._meta.local_many_to_many:
        target = field.related_model
        if isinstance(target, type) and target._meta.app_label in APPS:
            yield f'    {model.__name__} }}o--o{{ {target.__name__} : "{field.name}"'


def _column(field: "models.Field[object, object]") -> str:
    keys = []
    if field.primary_key:
        keys.append("PK")
    elif field.unique:
        keys.append("UK")
    if field.is_relation:
        keys.append("FK")
    # For a reference, the type of the column it refers to.
    typed = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = typed.get_internal_type().removesuffix("Field").lower()
    key = f" {', '.join(keys)}" if keys else ""
    empty = ' "may be empty"' if field.null else ""
    return f"{kind} {field.column}{key}{empty}"


def path() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "diagrams.md"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check return 1 if it does not match the code."""
    django.setup()
    drawn = page()
    if "--check" not in arguments:
        path().write_text(drawn)
        return 0
    if path().read_text() == drawn:
        return 0
    sys.stderr.write("docs/diagrams.md is behind the code: make diagrams\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
