"""The desk's lists: what needs attention, and the counts of the day."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activation.desk.stopped_codes import SOON
from counter.desk.dashboard import counts_since, problems
from counter.enums import DossierState, Outcome
from counter.models import Clerk, Dossier, Office, TurnedAway
from counter.offices import midnight
from tests import cast

pytestmark = pytest.mark.usefixtures("english")


def labels(clerk: Clerk) -> list[str]:
    return [str(problem.label) for problem in problems(clerk, at=timezone.now())]


@pytest.mark.parametrize(
    ("state", "column", "label"),
    [
        ("locked", "locked_at", "code locked"),
        ("frozen", "frozen_at", "code stopped"),
    ],
)
def test_a_code_that_stopped_needs_somebody(
    dossier: Dossier, els: Clerk, gust: Clerk, state: str, column: str, label: str
) -> None:
    code, _ = cast.make_code(dossier, els)
    type(code).objects.update(state=state, **{column: timezone.now()})
    assert labels(els) == [label]
    assert labels(gust) == []


def test_a_code_about_to_lapse_is_named(dossier: Dossier, els: Clerk) -> None:
    issued = timezone.now() - datetime.timedelta(days=14) + SOON
    cast.make_code(dossier, els, issued_at=issued)
    assert labels(els) == ["code about to lapse"]


def test_paid_without_a_code_is_named(dossier: Dossier, els: Clerk) -> None:
    paid_at = timezone.now()
    Dossier.objects.update(state=DossierState.PAID, paid_at=paid_at)
    assert labels(els) == ["paid without a code"]
    (problem,) = problems(els, at=timezone.now())
    assert problem.at == paid_at


def test_the_day_is_counted(
    dossier: Dossier, office: Office, els: Clerk, gust: Clerk
) -> None:
    cast.make_code(dossier, els)
    TurnedAway.objects.create(
        office=office,
        clerk=els,
        submission=uuid.uuid4(),
        at=timezone.now(),
        outcome=Outcome.REDIRECTED,
        reason="itsme",
    )
    began = midnight.before(timezone.now())
    counts = [count for _, count in counts_since(began, clerk=els)]
    assert counts == [1, 1, 0, 1, 0, 0]
    assert {count for _, count in counts_since(began, clerk=gust)} == {0}


def test_more_visits_are_no_more_queries(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            els_client.get(reverse("counter_desk:desk"))
        return len(asked)

    cast.make_code(dossier, els)
    queries()  # The first page of a session writes more.
    for_one = queries()
    for place, number in enumerate((cast.MARIE_NUMBER, cast.LEILA_NUMBER)):
        person = cast.make_applicant(number, first_names=f"N{place}")
        cast.make_code(cast.make_dossier(person, els, email=f"n{place}@x.example"), els)
    assert queries() == for_one


def test_a_dossier_of_long_ago_that_gets_its_code_today_is_counted(
    dossier: Dossier, els: Clerk
) -> None:
    """An unpaid dossier may stay open for 90 days, a paid one for longer."""
    now = timezone.now()
    Dossier.objects.update(
        recorded_at=now - datetime.timedelta(days=100), code_issued_at=now
    )
    counts = {
        str(label): n for label, n in counts_since(midnight.before(now), clerk=els)
    }
    assert (counts["recorded"], counts["codes issued"]) == (0, 1)
