"""The fixed cast as fixtures, and what every test needs."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from config.settings import base
from counter.enums import Role
from counter.models import Applicant, Clerk, Dossier, Office
from counter.operations import duties
from notifications.health import state
from payments.models import Tariff
from tests import cast
from tests.database import (
    become,
    close_to_the_public,
    empty_tables,
    let_tests_analyze,
    superuser,
)
from tests.litany import signed_in
from tests.shared_cast import SharedCast, names_of
from tests.states import watch_states
from tests.undefined import undefined_variables_fail

__all__ = ["undefined_variables_fail"]

# A machine that is busy with something else fails no test.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

#: The shared cast of this process, while there is a database.
_shared: list[SharedCast] = []


def pytest_collection() -> None:
    """All that collecting makes is kept, so nothing searches for garbage meanwhile."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end, so no search for garbage looks at them."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """The test database is made and migrated by the owner."""
    become("OWNER_DATABASE_URL")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Every test runs as the application's role, with its few privileges."""
    with django_db_blocker.unblock():
        let_tests_analyze()
        watch_states()
        close_to_the_public()
    become("DATABASE_URL")
    _shared.append(SharedCast(django_db_blocker))
    yield
    _shared.pop().prepare(())
    become("OWNER_DATABASE_URL")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Make the shared rows ready before the test's own transaction begins.

    The first test makes the database, so nothing is shared for it.
    """
    for shared in _shared:
        shared.prepare(names_of(item))


def _ready(name: str) -> Any:  # noqa: ANN401 (of the model that the name says)
    """The shared row of that name, or None."""
    return next((shared.row(name) for shared in _shared), None)


@pytest.fixture(scope="session", autouse=True)
def flush_as_superuser() -> Iterator[None]:
    """The superuser empties tables after a test: the application may not do that."""

    def execute_sql_flush(_operations: object, _sql_list: list[str]) -> None:
        with superuser() as server:
            empty_tables(server)

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
    # The signal would write again the rows that `empty_tables` leaves in place.
    patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def language_of_the_office() -> Iterator[None]:
    """Each test starts in Dutch: a page leaves its language behind in the thread."""
    with translation.override("nl"):
        yield


@pytest.fixture(autouse=True)
def nothing_counted_before() -> None:
    """Each test starts without what the process remembered in the test before."""
    duties.forget()
    state.forget()


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences that no page shows are in English, the language of the tests."""
    with translation.override("en"):
        yield


@pytest.fixture
def office(db: None) -> Office:
    return _ready("office") or cast.make_office()


@pytest.fixture
def other_office(db: None) -> Office:
    return cast.make_office("Stadskantoor Elders")


@pytest.fixture
def tariff(office: Office) -> Tariff:
    return _ready("tariff") or cast.make_tariff(office)


@pytest.fixture
def els(office: Office, tariff: Tariff) -> Clerk:
    """The clerk at desk 1."""
    return _ready("els") or cast.make_clerk("els", office, desk="Loket 1")


@pytest.fixture
def bart(office: Office, tariff: Tariff) -> Clerk:
    """The clerk at desk 2."""
    return cast.make_clerk("bart", office, desk="Loket 2")


@pytest.fixture
def sofie(office: Office) -> Clerk:
    """The supervisor."""
    return _ready("sofie") or cast.make_clerk(
        "sofie", office, desk="", role=Role.SUPERVISOR
    )


@pytest.fixture
def own_cast() -> None:
    """A test with this fixture gets people of its own (tests.shared_cast)."""


@pytest.fixture
def karel(office: Office) -> Clerk:
    """A colleague of the finance service."""
    return cast.make_clerk("karel", office, desk="", role=Role.FINANCE)


@pytest.fixture
def nadia(office: Office) -> Clerk:
    """The auditor."""
    return cast.make_clerk("nadia", office, desk="", role=Role.AUDITOR)


@pytest.fixture
def tom(office: Office) -> Clerk:
    """The administrator."""
    return cast.make_clerk("tom", office, desk="", role=Role.ADMINISTRATOR)


@pytest.fixture
def gust(other_office: Office) -> Clerk:
    """A clerk of another office, who may see nothing here."""
    cast.make_tariff(other_office)
    return cast.make_clerk("gust", other_office, desk="Loket 1", has_drawer=False)


@pytest.fixture
def peter(office: Office) -> Applicant:
    """The applicant."""
    return cast.make_applicant()


@pytest.fixture
def dossier(peter: Applicant, els: Clerk) -> Dossier:
    """Peter's dossier, recorded by Els and not yet paid."""
    return cast.make_dossier(peter, els)


@pytest.fixture
def els_client(els: Clerk) -> Client:
    return signed_in(els)


@pytest.fixture
def bart_client(bart: Clerk) -> Client:
    return signed_in(bart)


@pytest.fixture
def gust_client(gust: Clerk) -> Client:
    return signed_in(gust)


@pytest.fixture
def sofie_client(sofie: Clerk) -> Client:
    return signed_in(sofie)


@pytest.fixture
def production_hashes(own_cast: None, settings: Settings) -> None:
    """Passwords of the test's own people take as long to hash as on servers."""
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


@pytest.fixture
def digits_asked(settings: Settings) -> None:
    """Staff sign in with six digits of an app, as on servers."""
    settings.STAFF_SECOND_FACTOR = True
