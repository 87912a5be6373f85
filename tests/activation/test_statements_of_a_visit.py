"""Paying and issuing sends the SQL statements that docs/concurrency.md lists."""

import re
import uuid
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from counter.models import Applicant, Clerk, Dossier
from payments.enums import Method
from tests import cast

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "concurrency.md"
ROW = re.compile(r"^\| \d+ \| (\w+)( \.\.\. FOR [A-Z ]+)? \| `(\w+)`", re.MULTILINE)


def verb_lock_and_table(sql: str) -> tuple[str, str, str]:
    """The verb, the lock and the table of a statement, as the page has them."""
    verb = re.match(r"\s*(?:WITH counted AS \(\s*)?(SELECT|UPDATE|INSERT)", sql)
    assert verb, sql
    table = re.search(r'(?:FROM|UPDATE|INTO) "?(\w+)"?', sql)
    assert table, sql
    lock = re.search(r"FOR (?:NO KEY )?UPDATE", sql)
    return verb[1], f" ... {lock[0]}" if lock else "", table[1]


def test_the_page_has_them_in_their_order(peter: Applicant, els: Clerk) -> None:
    made = cast.make_dossier(peter, els)
    dossier = Dossier.objects.select_related("office", "applicant").get(pk=made.pk)
    with CaptureQueriesContext(connection) as queries:
        pay_and_issue(
            dossier=dossier,
            clerk=els,
            method=Method.CASH,
            tendered=Decimal(20),
            terminal_slip="",
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
    sent = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert list(map(verb_lock_and_table, sent)) == ROW.findall(PAGE.read_text())
