"""Two desks serve the same person at the same instant, and cause no deadlock.

The test itself holds the lock that the first desk takes last. So the first desk stops
with all its other locks in hand, and then the second desk begins.
"""

import datetime
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from counter.dossiers.corrections import correct_dossier
from counter.dossiers.recording import Recording, record_applicant
from counter.email import uniqueness
from counter.enums import DossierState
from counter.exceptions import OpenDossierError
from counter.identity import national_number
from counter.identity.national_number import NationalNumber
from counter.models import Applicant, Clerk, Dossier
from counter.people import person
from counter.people.person import Known
from payments.enums import Method
from payments.models import Tariff
from tests import cast
from tests.races import start

BORN = datetime.date(1998, 7, 28)


def of(number: str) -> NationalNumber:
    return national_number.parse(number, today=timezone.localdate())


@pytest.fixture
def peters() -> Recording:
    """What Peter's document says, for a visit with another address."""
    return Recording(
        number=of(cast.PETER_NUMBER),
        last_name="Janssens",
        first_names="Peter",
        birth_date=datetime.date(1985, 7, 30),
        document_type="BE_PASS",
        document_number="EN123456",
        document_country="BEL",
        document_expiry=datetime.date(2040, 1, 1),
        email="again@example.org",
        language="fr",
        reason="no_other_key",
    )


@pytest.fixture
def leilas(peters: Recording) -> Recording:
    return replace(
        peters,
        number=of(cast.LEILA_NUMBER),
        last_name="Benali",
        first_names="Leila",
        birth_date=BORN,
    )


@pytest.fixture
def leila(db: None) -> Applicant:
    return cast.make_applicant(
        cast.LEILA_NUMBER, first_names="Leila", last_name="Benali", birth_date=BORN
    )


def answer_of(act: Callable[[], object]) -> object:
    """What `act` returns, or the error that the person has an open dossier already."""
    try:
        return act()
    except OpenDossierError as refused:
        return refused


def recorded(recording: Recording, clerk: Clerk) -> object:
    """Record a new visit of the person: the dossier, or the error as in `answer_of`."""
    record = partial(record_applicant, recording=recording, clerk=clerk)
    return answer_of(partial(record, submission=uuid.uuid4(), at=timezone.now()))


def corrected(
    dossier: Dossier, recording: Recording, clerk: Clerk, supervisor: Clerk
) -> object:
    """Give the dossier another number: None, or the error as in `answer_of`."""
    correct = partial(correct_dossier, dossier=dossier, recording=recording)
    return answer_of(
        partial(
            correct,
            clerk=clerk,
            supervisor=supervisor,
            document_seen=True,
            at=timezone.now(),
        )
    )


def paid(dossier: Dossier, clerk: Clerk) -> object:
    """Pay the dossier, so that its names become the person's; returns the code."""
    fresh = Dossier.objects.select_related("office", "applicant").get(pk=dossier.pk)
    return pay_and_issue(
        dossier=fresh,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal(20),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


@pytest.mark.django_db(transaction=True)
def test_who_is_recorded_while_the_dossier_becomes_somebody_elses(
    dossier: Dossier,
    els: Clerk,
    bart: Clerk,
    sofie: Clerk,
    peters: Recording,
    leilas: Recording,
) -> None:
    wrong = dossier.applicant
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            uniqueness.claim(peters.email, applicant=wrong)
            first = start(pool, partial(recorded, peters, bart))
            second = start(pool, partial(corrected, dossier, leilas, els, sofie), first)
        assert isinstance(first.result(timeout=20), OpenDossierError)
        assert second.result(timeout=20) is None
    dossier.refresh_from_db()
    assert dossier.applicant.national_number == cast.LEILA_NUMBER
    assert not Applicant.objects.filter(pk=wrong.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_recorded_while_the_dossier_is_paid_under_a_new_name(
    dossier: Dossier, els: Clerk, bart: Clerk, peters: Recording
) -> None:
    Dossier.objects.update(first_names="Pieter")
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            uniqueness.claim(peters.email, applicant=dossier.applicant)
            first = start(pool, partial(recorded, peters, bart))
            second = start(pool, partial(paid, dossier, els), first)
        assert isinstance(first.result(timeout=20), OpenDossierError)
        second.result(timeout=20)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED
    assert dossier.applicant.first_names == "Pieter"


@pytest.mark.django_db(transaction=True)
def test_whose_number_is_given_to_a_dossier_while_their_own_is_paid(
    dossier: Dossier,
    leila: Applicant,
    els: Clerk,
    bart: Clerk,
    sofie: Clerk,
    leilas: Recording,
) -> None:
    hers = cast.make_dossier(leila, bart, email="leila@example.org")
    Dossier.objects.filter(pk=hers.pk).update(first_names="Leyla")
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Tariff.objects.select_for_update().get()
            first = start(pool, partial(paid, hers, bart))
            second = start(pool, partial(corrected, dossier, leilas, els, sofie), first)
        first.result(timeout=20)
        assert isinstance(second.result(timeout=20), OpenDossierError)
    hers.refresh_from_db()
    assert hers.state == DossierState.CODE_ISSUED
    assert hers.applicant.first_names == "Leyla"


def test_a_person_who_was_removed_meanwhile_is_made_anew(
    leilas: Recording, leila: Applicant, els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is not there when the number is first looked for, and is gone again
    when the row is locked: a colleague recorded the number by mistake.
    """
    known_by, looked = person.known_by, []

    def meanwhile(number: NationalNumber, *, clerk: Clerk, lock: bool) -> Known | None:
        looked.append(number)
        if len(looked) == 2:
            leila.delete()
        return known_by(number, clerk=clerk, lock=lock) if len(looked) > 1 else None

    monkeypatch.setattr(person, "known_by", meanwhile)
    assert isinstance(recorded(leilas, els), Dossier)
    assert Applicant.objects.with_national_number(cast.LEILA_NUMBER).count() == 1
