"""The database reads a file of the accounting when it is fetched, not for a list."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk
from payments.closing.export import export_session
from payments.models import ExportBatch
from tests.litany import signed_in
from tests.payments.closing.test_export import approved_drawer


def sent_for(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize(
    "page", ["payments_drawers:drawer", "admin:payments_exportbatch_changelist"]
)
def test_no_list_reads_a_file(els: Clerk, sofie: Clerk, page: str) -> None:
    drawer = approved_drawer(els, sofie)
    export_session(session_id=drawer.pk, by=sofie, at=timezone.now())
    client = signed_in(els if page.startswith("payments") else sofie)
    assert not [sql for sql in sent_for(client, reverse(page)) if '"content"' in sql]


def test_a_batch_is_shown_without_its_file(els: Clerk, sofie: Clerk) -> None:
    drawer = approved_drawer(els, sofie)
    export_session(session_id=drawer.pk, by=sofie, at=timezone.now())
    batch = ExportBatch.objects.get()
    address = reverse("admin:payments_exportbatch_change", args=(batch.pk,))
    sent = sent_for(signed_in(sofie), address)
    assert not [sql for sql in sent if '"content"' in sql]
