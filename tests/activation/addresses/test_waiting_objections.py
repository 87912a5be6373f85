"""The desk's list of objections that wait, and what a clerk does about each."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.addresses import waiting
from activation.models import ActivationCode, AddressChange, DigitalKey
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.addresses.changing import code, page
from tests.activation.addresses.test_settling_an_objection import key

__all__ = ["code", "key"]


def test_the_list_asks_the_database_once_however_many_wait(
    dossier: Dossier, els: Clerk, key: DigitalKey, code: ActivationCode
) -> None:
    """One can only be looked at; of the other, not paid yet, the address is wrong."""
    marie = cast.make_dossier(cast.make_applicant(cast.MARIE_NUMBER), els)
    now = timezone.now()
    AddressChange.objects.create(
        dossier=marie, old_email="m@example.org", at=now, clerk=els, objected_at=now
    )
    with CaptureQueriesContext(connection) as queries:
        problems = list(waiting.disputes(els, at=now))
    assert len(queries) == 1
    pages = {problem.dossier: problem.mend for problem in problems}
    assert pages == {
        dossier: page(dossier, "settle_objection"),
        marie: page(marie, "correct_email"),
    }


def test_the_objection_that_waits_longest_is_never_out_of_sight(
    dossier: Dossier, els: Clerk, key: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a supervisor ends an objection, so newer ones may not hide an old one."""
    marie = cast.make_dossier(cast.make_applicant(cast.MARIE_NUMBER), els)
    before = AddressChange.objects.get().at - datetime.timedelta(days=3)
    AddressChange.objects.create(
        dossier=marie,
        old_email="marie@example.org",
        at=before,
        clerk=els,
        objected_at=before,
    )
    monkeypatch.setattr(waiting, "MOST_OF_A_KIND", 1)
    (problem,) = waiting.disputes(els, at=timezone.now())
    assert problem.dossier == marie


def test_a_dossier_with_several_objections_hides_no_other(
    dossier: Dossier, els: Clerk, key: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    marie = cast.make_dossier(cast.make_applicant(cast.MARIE_NUMBER), els)
    now = timezone.now()
    for days, of in ((3, marie), (2, marie), (0, dossier)):
        then = now - datetime.timedelta(days=days)
        AddressChange.objects.create(
            dossier=of,
            old_email=f"{days}@example.org",
            at=then,
            clerk=els,
            objected_at=then,
        )
    monkeypatch.setattr(waiting, "MOST_OF_A_KIND", 2)
    shown = [problem.dossier for problem in waiting.disputes(els, at=now)]
    assert shown == [marie, dossier]
