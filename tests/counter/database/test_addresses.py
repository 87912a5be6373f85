"""An error about a database address names its variable and shows nothing of it."""

import os
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from psycopg import sql

from config import environment
from counter.database.addresses import Address, AddressError

#: In each, libpq or urllib would show the password, or half of it, in its error.
MALFORMED = [
    "postgresql://checker:hunter2@db:port/office",
    "postgresql://checker:hunter2@db:99999/office",
    "postgresql://checker:hunter2/x@db/office",
    "postgresql://checker:12/hunter2@db/office",
    "postgresql://checker:hunter2#x@db/office",
    "postgresql://checker:hunter2?x@db/office",
    "postgresql://checker:[hunter2@db/office",
    "postgresql://checker:hunter2@db/office#x",
    "postgresql://checker:hunter2@db",
    "checker:hunter2@db/office",
    "host=db password=hunter2 dbname",
    "mysql://checker:hunter2@db/office",
]


@pytest.mark.parametrize("url", MALFORMED)
def test_its_variable_is_named_and_nothing_of_it(url: str) -> None:
    with pytest.raises(AddressError) as raised:
        Address.read(url, name="OFFICE_URL")
    assert str(raised.value).startswith("OFFICE_URL must be postgresql://")
    assert "hunter2" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize("url", MALFORMED)
def test_every_process_names_it_at_its_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="OFFICE_URL must be") as raised:
        environment.database("OFFICE_URL")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("wrong", ["SUPERUSER_DATABASE_URL", "DATABASE_URL"])
def test_the_command_that_makes_the_roles_names_it(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(wrong, MALFORMED[0])
    with pytest.raises(CommandError, match=f"^{wrong} must be") as raised:
        call_command("create_roles")
    assert "hunter2" not in str(raised.value)


@pytest.fixture
def odd() -> Iterator[tuple[str, str]]:
    """Name and password of a role, with every sign that has a meaning in an address."""
    name, password = "tried an@odd/role", "p@ss/w?r#d:%41 'x\\"
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as at:
        role = sql.Identifier(name)
        at.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
        at.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        alter = sql.SQL("ALTER ROLE {} PASSWORD {}")
        at.execute(alter.format(role, sql.Literal(password)))
        yield name, password
        at.execute(sql.SQL("DROP ROLE {}").format(role))


def test_every_sign_in_a_password_is_one_of_it(odd: tuple[str, str]) -> None:
    name, password = (quote(each, safe="") for each in odd)
    server = urlsplit(os.environ["SUPERUSER_DATABASE_URL"])
    place = server.netloc.rpartition("@")[2]
    url = server._replace(netloc=f"{name}:{password}@{place}", path="/postgres")
    address = Address.read(url.geturl(), name="OFFICE_URL")
    with psycopg.connect(address.conninfo()) as connected:
        assert connected.info.user == odd[0]
    assert odd[1] not in repr(address)
