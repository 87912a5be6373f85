"""The run and its preview read the rows that are due, and not those of everybody."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from activation.models import KeyHolder
from bench.archive import make_offices, statements
from counter.database.batches import BATCH
from counter.enums import DossierState
from counter.models import Clerk, Dossier, Office
from counter.retention import registry, running
from counter.rights import erasing
from payments.models import Tariff
from tests.counter.retention.person import end, recorded
from tests.database import analyze, superuser
from tests.litany import signed_in
from tests.plans import looked_at, noting, plan_of
from tests.size import SOAK

#: Visits of ten years; the person of nearly each is kept. Each test writes them.
MANY = 100_000 if SOAK else 4000
#: Rows that one rule may read in vain, over all tables: those of the last weeks.
IN_VAIN = MANY // 10

#: Tables that no rule reads.
LEFT_OUT = ("counter_journal", "payments_exportbatch", "counter_destructionrecord")


@pytest.fixture
def archive(transactional_db: None, office: Office, tariff: Tariff) -> Office:
    """Ten years with 4,000 visits, 100,000 in `make soak`, after retention."""
    places = make_offices(office)
    # In one transaction: the helper tables must not stay for later tests.
    with superuser() as server, server.transaction():
        for statement in statements(MANY, places):
            if not any(f"INSERT INTO {table}" in statement for table in LEFT_OUT):
                server.execute(statement.encode())
    analyze()
    return office


def test_no_rule_looks_at_everybody(archive: Office, els: Clerk) -> None:
    now = timezone.now()
    for rule in registry.rules():
        office = archive if rule.is_editable else None
        due = running.due(rule, office, now).order_by().values_list("pk", flat=True)
        query, parameters = due[:BATCH].query.sql_with_params()
        assert looked_at(plan_of(query, parameters)) <= IN_VAIN, rule.code


def test_the_page_of_the_rules_counts_no_further_than_it_shows(
    archive: Office, els: Clerk, sofie: Clerk
) -> None:
    late = recorded(els)
    end(late, DossierState.LAPSED, "lapsed_at")
    past = timezone.now() - datetime.timedelta(days=91)
    Dossier.objects.filter(pk=late.pk).update(lapsed_at=past)
    page = reverse("admin:counter_retentionperiod_changelist")
    text = signed_in(sofie).get(page).content.decode()
    assert late.reference in text
    # No last key of a person has ended, but the address of everybody who came more than
    # a month ago is due.
    with superuser() as server:
        server.execute(
            b"UPDATE counter_dossier SET email = 'a@b.be' WHERE last_name <> ''"
        )
    assert "more than 1000" in signed_in(sofie).get(page).content.decode()


def test_what_goes_of_one_person_is_found_from_that_person(
    archive: Office, els: Clerk
) -> None:
    someone = Dossier.objects.filter(office=archive, state=DossierState.ACTIVATED)
    person = someone.latest("recorded_at").applicant
    with noting() as asked:
        assert erasing.verdicts(person, at=timezone.now())
    for query, parameters in asked:
        assert looked_at(plan_of(query, parameters)) <= IN_VAIN, query


def test_of_one_person_it_finds_what_it_finds_of_that_person_among_all(
    archive: Office,
) -> None:
    """For people with active, ended and never confirmed keys; today, on earlier days,
    and when no key can be active any more.
    """
    now = timezone.now()
    people = [*KeyHolder.objects.order_by("pk").values_list("applicant", flat=True)]
    counted = 0
    for rule in registry.rules():
        if not rule.past_of:
            continue
        mine = {
            key: set(rule.rows_of([key]).values_list("pk", flat=True))
            for key in people[::20]
        }
        for days in (-3650, -365, -30, 0, 4000, 200 * 365):
            until = now + datetime.timedelta(days=days)
            all_of_them = set(rule.past(until).values_list("pk", flat=True))
            for person, rows in mine.items():
                of_one = set(rule.past_of(until, [person]).values_list("pk", flat=True))
                assert of_one & rows == all_of_them & rows
                counted += len(of_one)
    assert counted
