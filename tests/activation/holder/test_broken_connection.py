"""When the connection to the database breaks, the error that is reported says so."""

from contextlib import suppress

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.http import HttpRequest

from activation.holder.sessions import request_queue


def break_connection_and_fail() -> None:
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    raise LookupError


@pytest.mark.django_db(transaction=True)
def test_what_broke_while_a_request_had_its_turn_is_not_hidden() -> None:
    """The turn is a lock of the connection that broke, and cannot be given back."""
    request = HttpRequest()
    request.session = SessionStore()
    request.session["visit"] = 1
    request.session.save()
    try:
        with pytest.raises(LookupError), request_queue.take(request):
            break_connection_and_fail()
    finally:
        connection.close()
    with request_queue.take(request) as is_there:
        assert is_there
