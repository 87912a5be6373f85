"""A lock of a database session is always given back."""

import pytest
from django.db import DatabaseError, connection, transaction

from counter.database import session_lock
from tests.races import at_once

NAME = "tests of session locks"

pytestmark = pytest.mark.django_db(transaction=True)


def taken_elsewhere() -> bool:
    """Whether another connection cannot take the lock."""

    def take() -> bool:
        is_free = session_lock.try_lock(NAME)
        if is_free:
            session_lock.unlock(NAME)
        return not is_free

    [is_taken] = at_once([take])
    return is_taken


def test_only_one_session_has_it() -> None:
    assert session_lock.try_lock(NAME)
    assert taken_elsewhere()
    session_lock.unlock(NAME)
    assert not taken_elsewhere()


def test_also_when_the_transaction_around_it_failed() -> None:
    """The connection is closed then, and the error stays the one that is reported."""

    def fail() -> None:
        assert session_lock.try_lock(NAME)
        try:
            connection.cursor().execute("SELECT 1 / 0")
        finally:
            session_lock.unlock(NAME)

    with pytest.raises(DatabaseError, match="division by zero"):
        transaction.atomic(fail)()
    assert not taken_elsewhere()


def test_also_when_the_connection_broke() -> None:
    assert session_lock.try_lock(NAME)
    connection.connection.close()
    session_lock.unlock(NAME)
    assert not taken_elsewhere()
