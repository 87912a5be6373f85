"""A migration that would stop the office, or the version before, is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.postgres import operations as postgres
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now
from django.test import Client

from tests import cast, migration_rules
from tests.database import superuser

NAME = "visit"
TOKEN = settings.READYZ_TOKEN
CHECK = models.CheckConstraint(condition=models.Q(number__gt=0), name="above_zero")
INDEX = models.Index(fields=["number"], name="by_number")
ON = "alter table counter_visit"


def number(
    kind: type[migration_rules.Field] = models.IntegerField, **options: Any
) -> migration_rules.Field:
    return kind(**options)


def before() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, migration_rules.Field]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("number", number(null=True)),
        ("word", models.CharField(max_length=20)),
    ]
    options = {"unique_together": {("id", "word")}, "indexes": [INDEX]}
    made = migrations.CreateModel("Visit", fields, options=options)
    made.state_forwards("counter", state)
    return state


def faults(*operations: Operation, name: str = "0009_more") -> list[str]:
    return list(
        migration_rules.faults(operations, app="counter", name=name, before=before())
    )


def add(field: migration_rules.Field) -> migrations.AddField:
    return migrations.AddField(NAME, "extra", field)


def alter(name: str, field: migration_rules.Field) -> migrations.AlterField:
    return migrations.AlterField(NAME, name, field)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddIndex(NAME, INDEX),
        migrations.AddConstraint(NAME, CHECK),
        add(number(default=1)),
        add(number()),
        add(models.DateTimeField(db_default=Now())),
        add(number(null=True, db_index=True)),
        add(number(null=True, unique=True)),
        alter("number", number(models.BigIntegerField, null=True)),
        alter("number", number(default=0)),
        alter("word", models.CharField(max_length=10)),
        alter("word", models.CharField(max_length=20, unique=True)),
        migrations.RenameField(NAME, "number", "figure"),
        migrations.RenameModel("Visit", "Call"),
        migrations.AlterModelTable(NAME, "calls"),
        migrations.RemoveField(NAME, "number"),
        migrations.DeleteModel("Visit"),
        migrations.RunSQL("create index i on counter_visit (number)"),
        migrations.RunSQL("alter table counter_visit add constraint c check (true)"),
        migrations.RunSQL("alter table counter_visit alter number type bigint"),
        migrations.RunSQL("alter table counter_visit alter number set not null"),
        migrations.SeparateDatabaseAndState([migrations.AddIndex(NAME, INDEX)]),
        migrations.AlterUniqueTogether(NAME, {("number", "word")}),
        migrations.AlterOrderWithRespectTo(NAME, "number"),
        migrations.RemoveIndex(NAME, "by_number"),
        migrations.RunSQL([("alter table counter_visit drop number", None)]),
        migrations.RunSQL(["select 1", "drop table counter_visit"]),
    ],
    ids=range(26),
)
def test_it_is_refused(operation: Operation) -> None:
    assert faults(operation)


@pytest.mark.parametrize(
    "operations",
    [
        [postgres.AddIndexConcurrently(NAME, INDEX)],
        [postgres.AddConstraintNotValid(NAME, CHECK)],
        [add(number(null=True))],
        [add(number(db_default=1))],
        [alter("word", models.CharField(max_length=40))],
        [alter("word", models.CharField(max_length=20, verbose_name="a word"))],
        [
            migrations.CreateModel(
                "New", [("id", models.BigAutoField(primary_key=True))]
            ),
            migrations.AddField("new", "number", number(db_index=True)),
        ],
        [migrations.RunSQL("create index concurrently i on counter_visit (number)")],
        [migrations.AlterUniqueTogether(NAME, {("id", "word")})],
        [postgres.RemoveIndexConcurrently(NAME, "by_number")],
        [
            migrations.CreateModel(
                "New", [("id", models.BigAutoField(primary_key=True))]
            ),
            migrations.RunSQL("create index i on counter_new (id)"),
            migrations.AlterUniqueTogether("new", {("id",)}),
        ],
    ],
    ids=range(11),
)
def test_it_is_allowed(operations: list[Operation]) -> None:
    assert faults(*operations) == []


@pytest.mark.parametrize(
    "sql",
    [
        f"{ON} add constraint a check (true) not valid; {ON} add check (false)",
        f"{ON} add constraint a check (true) not valid, add constraint b check (true)",
        "create index concurrently i on counter_visit (id); create index j on c (id)",
        f"-- NOT VALID\n{ON} add constraint c check (word <> 'NOT VALID')",
        f"{ON} add unique (number, word)",
        f"{ON} add extra integer not null",
        f"{ON} add column extra timestamptz default clock_timestamp()",
        f"{ON} add extra bigint references counter_clerk",
        f"{ON} rename number to figure",
        f"{ON} rename to calls",
        f"{ON} alter number drop not null, drop column word",
        'alter table "counter_visit" drop "word"',
        f"{ON} set unlogged",
        "drop view visits",
        "drop function visits()",
        "drop index by_number",
        "reindex table counter_visit",
        "truncate counter_visit",
        "alter type kind rename value 'a' to 'b'",
    ],
)
def test_every_statement_and_every_action_of_it_counts(sql: str) -> None:
    assert len(faults(migrations.RunSQL(sql))) == 1


@pytest.mark.parametrize(
    "sql",
    [
        f"{ON} alter number drop not null, alter number drop default",
        f"{ON} drop constraint above_zero",
        f"{ON} validate constraint above_zero",
        f"{ON} add constraint one unique using index by_number",
        f"{ON} add column extra integer not null default 1",
        f"{ON} add extra text, add other integer default 0",
        f"{ON} rename constraint above_zero to positive",
        "alter index by_number rename to by_figure",
        "drop index concurrently by_number",
        "comment on table counter_visit is 'each TYPE of DROP TABLE'",
        "create function f() returns void language sql as $$ drop table t; $$",
        "create trigger t before update on counter_visit execute function f()",
        "drop trigger t on counter_visit",
        "create table new (id bigint); create index i on new (id); truncate new",
        "",
    ],
)
def test_what_holds_up_nobody_is_allowed(sql: str) -> None:
    assert faults(migrations.RunSQL(sql)) == []


def test_a_constraint_is_checked_in_a_migration_of_its_own() -> None:
    add = postgres.AddConstraintNotValid(NAME, CHECK)
    later = postgres.ValidateConstraint(NAME, "above_zero")
    assert faults(later) == []
    assert faults(add, later)


def test_what_is_taken_away_one_release_later_says_so_in_its_name() -> None:
    gone = migrations.RemoveField(NAME, "number")
    assert faults(gone, name="0010_number_contract") == []
    for sql in (f"{ON} drop column number", "drop table counter_visit"):
        assert faults(migrations.RunSQL(sql), name="0010_number_contract") == []


def test_no_migration_after_the_first_release_breaks_a_rule() -> None:
    loader = MigrationLoader(None)
    wrong: list[str] = []
    for app, last in migration_rules.RELEASED.items():
        for name in sorted(key[1] for key in loader.disk_migrations if key[0] == app):
            if name > last:
                migration = loader.disk_migrations[app, name]
                state = loader.project_state(
                    [key for key in migration.dependencies if key in loader.graph.nodes]
                )
                wrong += migration_rules.faults(
                    migration.operations, app=app, name=name, before=state
                )
    assert wrong == []


@pytest.fixture
def next_version(transactional_db: None) -> Iterator[None]:
    """Its tables: two columns more, and a migration that this version does not know."""
    with superuser() as server:
        server.execute("ALTER TABLE counter_office ADD extra integer")
        server.execute("ALTER TABLE counter_office ADD word text NOT NULL DEFAULT ''")
        server.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('counter', '9999_of_the_next_version', now())"
        )
    yield
    with superuser() as server:
        server.execute(
            "DELETE FROM django_migrations WHERE name = '9999_of_the_next_version'"
        )
        server.execute("ALTER TABLE counter_office DROP extra, DROP word")


@pytest.mark.usefixtures("next_version")
def test_this_version_works_on_the_tables_of_the_next_one(client: Client) -> None:
    office = cast.make_office("Kessel-Lo")
    office.name = "Heverlee"
    office.save()
    office.refresh_from_db()
    assert office.name == "Heverlee"
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json()["migrations"] == "applied"
