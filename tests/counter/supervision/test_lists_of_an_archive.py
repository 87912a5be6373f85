"""Lists find rare rows by an index, without reading all rows."""

import pytest
from django.urls import reverse

from bench.archive import make_offices, statements
from counter.models import Clerk, Office
from payments.models import Tariff
from tests.database import analyze, superuser
from tests.litany import signed_in
from tests.plans import looked_at, noting, plan_of
from tests.size import SOAK

MANY = 1_000_000 if SOAK else 6000
#: Rows that one query may read: those of all clerks, and a clerk's waivers.
AT_MOST = MANY // 60

#: A list and a filter by which it has few rows or none, among many others.
RARE = (
    ("payments_payment", "method__exact=waiver&taken_by__id__exact={clerk}"),
    ("counter_dossier", "state__exact=lapsed&key=sms"),
    ("counter_dossier", "state__exact=cancelled&key=email"),
    ("counter_journalentry", "kind=messages&clerk__id__exact={clerk}"),
)


@pytest.fixture
def archive(transactional_db: None, office: Office, tariff: Tariff) -> Office:
    """Ten years with 6,000 visits; 1,000,000 in `make soak`."""
    places = make_offices(office)
    with superuser() as server, server.transaction():
        for statement in statements(MANY, places):
            server.execute(statement.encode())
    analyze()
    return office


def test_what_is_rare_is_found_by_an_index(archive: Office, sofie: Clerk) -> None:
    client = signed_in(sofie)
    clerk = Clerk.objects.filter(office=archive, username__startswith="loket").first()
    assert clerk is not None
    for model, query in RARE:
        address = reverse(f"admin:{model}_changelist")
        with noting() as asked:
            answer = client.get(f"{address}?{query.format(clerk=clerk.pk)}")
        assert answer.status_code == 200
        for sql, parameters in asked:
            assert looked_at(plan_of(sql, parameters)) <= AT_MOST, (query, sql)
