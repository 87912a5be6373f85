"""Marie, whose number is known, and Leïla, who comes to the desk with that number."""

import datetime
import uuid
from dataclasses import replace
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey, KeyHolder
from counter.dossiers.moves import move
from counter.dossiers.recording import Recording, record_applicant
from counter.enums import DossierState
from counter.identity import national_number
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from counter.people.person import doubts_of
from tests.cast import MARIE_NUMBER, PASSWORD, make_applicant, make_code, make_dossier

RECORD = reverse("counter_dossiers:record_applicant")
READING = reverse("counter_dossiers:number_reading")
SEARCH = reverse("counter_desk:find_dossier")
BORN = datetime.date(1975, 6, 8)
APPROVAL = {"supervisor_name": "sofie", "supervisor_password": PASSWORD}


def marie_with_a_key(clerk: Clerk) -> Dossier:
    """A dossier of this clerk's, of Marie Peeters, who has an active key."""
    person = make_applicant(
        MARIE_NUMBER, first_names="Marie", last_name="Peeters", birth_date=BORN
    )
    return with_key(make_dossier(person, clerk))


def with_key(dossier: Dossier) -> Dossier:
    code, _text = make_code(dossier, dossier.recorded_by)
    now = timezone.now()
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="marie.peeters", created_at=now
    )
    DigitalKey.objects.create(
        holder=holder,
        code=code,
        kind=KeyKind.APP,
        state=KeyState.ACTIVE,
        is_first=True,
        created_at=now,
        activated_at=now,
        valid_until=now + datetime.timedelta(days=3650),
    )
    dossier.state = DossierState.ACTIVATED
    dossier.activated_at = now
    dossier.save()
    return dossier


def typed(**changes: Any) -> dict[str, Any]:
    """The form of a visit: Leïla, with Marie's number and birth date."""
    return {
        "submission": str(uuid.uuid4()),
        "document_type": "BE_PASS",
        "document_number": "EN123456",
        "document_expiry": "01/01/2040",
        "original_seen": "on",
        "last_name": "Claes",
        "first_names": "Leïla",
        "birth_date": "08/06/1975",
        "sex": "F",
        "national_number": MARIE_NUMBER,
        "email": "leila@example.org",
        "language": "nl",
        "reason": "no_other_key",
    } | changes


def ask(client: Client, form: dict[str, Any]) -> Any:  # noqa: ANN401
    answer = client.post(RECORD, form)
    assert answer.status_code == 422
    form["confirmed"] = [doubt.stamp for doubt in answer.context["form"].doubts]
    return answer


def recording(**changes: Any) -> Recording:
    of_leila = Recording(
        number=national_number.parse(MARIE_NUMBER, today=timezone.localdate()),
        last_name="Claes",
        first_names="Leïla",
        birth_date=BORN,
        document_type="BE_PASS",
        document_number="EN123456",
        document_country="BEL",
        document_expiry=datetime.date(2040, 1, 1),
        email="leila@example.org",
        language="nl",
        reason="no_other_key",
    )
    return replace(of_leila, **changes)


def record(visit: Recording, clerk: Clerk) -> Dossier:
    return record_applicant(
        recording=visit, clerk=clerk, submission=uuid.uuid4(), at=timezone.now()
    )


def agreed(visit: Recording, clerk: Clerk) -> Recording:
    doubts = doubts_of(visit.number, visit.on_document, clerk=clerk)
    return replace(visit, agreed=frozenset(doubt.stamp for doubt in doubts))


def pay(dossier: Dossier) -> None:
    at = timezone.now()
    money = {"amount": "10.00", "method": "cash"}
    move(dossier, to=DossierState.PAID, at=at, event=Event.PAYMENT_TAKEN, details=money)
    move(dossier, to=DossierState.CODE_ISSUED, at=at, event=Event.CODE_ISSUED)


def married(els: Clerk) -> Dossier:
    name = recording(last_name="Peeters-Claes", first_names="Marie")
    return record(agreed(name, els), els)
