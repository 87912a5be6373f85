"""PostgreSQL's own log names each error and shows nothing of what people typed.

The tests cause an error of each kind that the product meets, and read the log.
"""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from activation.models import KeyHolder
from counter.models import Dossier
from tests import cast
from tests.browser.walks.planted import Planted, whole

LOG = Path(os.environ.get("DATABASE_LOG", ""))
PLANTED = "planted.person@example.org"

pytestmark = pytest.mark.skipif(
    not LOG.is_file(), reason="the database of DATABASE_URL logs elsewhere"
)


def same_user_name(dossier: Dossier) -> None:
    """Two people choose one name at once: the database lets one through."""
    for applicant in (dossier.applicant, cast.make_applicant(cast.MARIE_NUMBER)):
        KeyHolder.objects.create(
            applicant=applicant,
            user_name=PLANTED,
            password="!",
            created_at=timezone.now(),
        )


def second_open_dossier(dossier: Dossier) -> None:
    """A second open dossier of the same person, as another desk might make it."""
    dossier.pk, dossier.submission = uuid.uuid4(), uuid.uuid4()
    dossier.email = PLANTED
    dossier.save(force_insert=True)


def refused_by_a_check(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(email=PLANTED, state="paid")


def too_long(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(email=PLANTED, language=PLANTED * 9)


def without_a_value(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(email=PLANTED, language=None)


def of_nobody(dossier: Dossier) -> None:
    """A foreign key to a row that does not exist, checked at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Dossier.objects.filter(pk=dossier.pk).update(email=PLANTED, office_id=10**6)


def not_allowed(dossier: Dossier) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE counter_journalentry SET subject = %s", [PLANTED])


def too_slow(dossier: Dossier) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")
        cursor.execute("SELECT pg_sleep(1), %s", [PLANTED])


@pytest.mark.parametrize(
    ("lose", "error"),
    [
        (same_user_name, "duplicate key value"),
        (second_open_dossier, "duplicate key value"),
        (refused_by_a_check, "violates check constraint"),
        (too_long, "value too long"),
        (without_a_value, "violates not-null constraint"),
        (of_nobody, "violates foreign key constraint"),
        (not_allowed, "permission denied"),
        (too_slow, "canceling statement"),
    ],
)
def test_the_log_says_the_error_and_no_value(
    dossier: Dossier, lose: Callable[[Dossier], None], error: str
) -> None:
    before = LOG.stat().st_size
    with pytest.raises(DatabaseError), transaction.atomic():
        lose(dossier)
    text = _logged_since(before, error)
    planted = Planted(patterns={"address": whole(PLANTED)})
    assert not planted.found_in(text.splitlines())
    assert "STATEMENT" not in text
    assert "DETAIL" not in text


def _logged_since(size: int, error: str) -> str:
    """What was logged after `size`, once it has the error: the file may lag behind."""
    text = ""
    for _ in range(100):
        with LOG.open(encoding="utf-8") as log:
            log.seek(size)
            text = log.read()
        if error in text:
            return text
        time.sleep(0.05)
    raise AssertionError(f"PostgreSQL logged no {error!r}: {text}")
