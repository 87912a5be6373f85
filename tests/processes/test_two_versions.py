"""Two versions use one database during an upgrade, as docs/upgrading.md describes.

The next version is a copy of this one with one more column and an index on it, in
migrations that keep the rules. The web servers of both are real, and desks take money
all the time.
"""

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.postgres import operations as postgres
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from localrun.processes import tail
from tests import migration_rules
from tests.processes.conftest import ROOT, wait_for
from tests.processes.town import BOOKED, Town, press, serve, town
from tests.web_server import WebServer, get

__all__ = ["town"]

pytestmark = pytest.mark.processes

DESKS, VISITS = 4, 8
LEFT_BEHIND = shutil.ignore_patterns(
    ".git",
    ".venv",
    "node_modules",
    ".local",
    "tests",
    "docs",
    "__pycache__",
    ".*_cache",
)
FIELD = "    floor = models.IntegerField(null=True, default=7)\n"
MODEL = "activationcode"
COLUMN = f"migrations.AddField('{MODEL}', 'floor', models.IntegerField(null=True))"
INDEX = (
    f"AddIndexConcurrently('{MODEL}', models.Index(fields=['floor'], name='by_floor'))"
)
MIGRATION = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [('activation', '{after}')]
    operations = [{operation}]
"""
NAMES = ("0098_code_floor", "0099_code_by_floor")
TOKEN = f"Authorization: Bearer {settings.READYZ_TOKEN}".encode()


def next_version(place: Path) -> Path:
    """Copy this version into that folder, with the column and its migrations."""
    shutil.copytree(ROOT, place, ignore=LEFT_BEHIND, symlinks=True)
    codes = place / "activation" / "models" / "codes.py"
    text = codes.read_text()
    before = "    nonce = models.BinaryField("
    codes.write_text(text.replace(before, FIELD + before, 1))
    there = place / "activation" / "migrations"
    last = max(file.stem for file in there.glob("0*.py"))
    for name, operation, after in zip(
        NAMES, (COLUMN, INDEX), (last, NAMES[0]), strict=True
    ):
        (there / f"{name}.py").write_text(
            MIGRATION.format(
                atomic=operation == COLUMN, after=after, operation=operation
            )
        )
    return place


def keeps_the_rules() -> bool:
    loader = MigrationLoader(None)
    made: list[Any] = [
        migrations.AddField(MODEL, "floor", models.IntegerField(null=True)),
        postgres.AddIndexConcurrently(
            MODEL, models.Index(fields=["floor"], name="by_floor")
        ),
    ]
    state = loader.project_state()
    return not list(
        migration_rules.faults(made, app="activation", name=NAMES[0], before=state)
    )


def ready(web: WebServer) -> dict[str, Any]:
    answer = web.ask(get("/readyz", TOKEN))
    state: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return state


def test_both_versions_serve_while_one_follows_the_other(
    town: Town, tmp_path: Path
) -> None:
    assert keeps_the_rules()
    later = next_version(tmp_path / "next")
    desks = town.make_desks(DESKS, VISITS)
    old = WebServer(town.home / "old.log", town.env)
    new = WebServer(town.home / "new.log", town.env, cwd=later)
    paid: list[list[str]] = [[] for _ in desks]
    try:
        old.until_it_answers()
        new.until_it_answers()

        # On the old tables the new version says that it is not ready, and which
        # migrations it waits for.
        assert ready(old)["migrations"] == "applied"
        state = ready(new)
        assert state["status"] == "dead"
        assert state["migrations"] == "2 missing: " + ", ".join(
            f"activation.{name}" for name in NAMES
        )

        # The old version goes on while its tables are changed.
        first = [
            threading.Thread(target=serve, args=(desk, old.port, done), daemon=True)
            for desk, done in zip(desks[:2], paid[:2], strict=True)
        ]
        for desk in first:
            desk.start()
        wait_for(lambda: sum(map(len, paid)) >= 1, seconds=60)
        town.run("manage.py", "migrate", "--verbosity", "0", as_owner=True, cwd=later)
        for desk in first:
            desk.join(120)
        assert sum(map(len, paid)) == 2 * VISITS, tail(old.log)
        assert '"status": 500' not in old.log.read_text()

        # Both versions work on the new tables; neither was restarted.
        assert ready(old)["migrations"] == ready(new)["migrations"] == "applied"
        both = [
            threading.Thread(target=serve, args=(desk, web.port, done), daemon=True)
            for desk, done, web in zip(desks[2:], paid[2:], (old, new), strict=True)
        ]
        for desk in both:
            desk.start()
        for desk in both:
            desk.join(120)
        assert sum(map(len, paid)) == DESKS * VISITS, tail(new.log)
        # Each version opens the dossiers that the other wrote.
        for web, written in ((old, paid[3]), (new, paid[0])):
            for dossier in written:
                page = f"/counter/dossiers/{dossier}/"
                press(web.port, desks[0]["cookies"], page, None)
        for web in (old, new):
            assert '"status": 500' not in web.log.read_text()
    finally:
        old.close()
        new.close()
    assert town.row(BOOKED) == (DESKS * VISITS,) * 6
    # Only the new version wrote the column, and the index is valid.
    columns = "SELECT count(*), count(floor) FROM activation_activationcode"
    assert town.row(columns) == (DESKS * VISITS, VISITS)
    whole = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_floor'::regclass"
    assert town.row(whole) == (True,)
    town.run("manage.py", "verify_journal")
