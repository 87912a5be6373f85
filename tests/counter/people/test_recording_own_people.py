"""Recording family needs a colleague who agrees, and nobody records herself."""

import re
import uuid

from django.urls import reverse

from counter.journal.events import Event
from counter.models import Clerk, Dossier, KinshipAnswer
from tests import cast
from tests.counter.people.namesakes import bart, els, family_answers, peter, yes
from tests.litany import signed_in

__all__ = ["bart", "els", "peter"]


def recording(**typed: str) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "document_type": "BE_PASS",
        "document_number": "EN123456",
        "document_country": "BEL",
        "document_expiry": "01/01/2040",
        "original_seen": "on",
        "last_name": "Claes",
        "first_names": "Rik",
        "birth_date": "30/07/1985",
        "sex": "M",
        "national_number": cast.PETER_NUMBER,
        "email": "rik@example.org",
        "language": "nl",
        "reason": "no_other_key",
    } | typed


RECORD = reverse("counter_dossiers:record_applicant")


def test_recording_asks_and_loses_nothing(els: Clerk) -> None:
    client, form = signed_in(els), recording()
    answer = client.post(RECORD, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="is_family"' in page
    assert "rik@example.org" in page
    assert not Dossier.objects.exists()
    form |= {"asks_family": "1", "is_family": "no"}
    assert client.post(RECORD, form).status_code == 303
    assert family_answers() == [Event.NO_FAMILY]
    pay = reverse("activation_desk:pay_and_issue", args=[Dossier.objects.get().pk])
    assert client.get(pay).status_code == 200


def test_recording_family_takes_a_colleague(els: Clerk, bart: Clerk) -> None:
    client = signed_in(els)
    form = recording(asks_family="1") | yes(password="wrong")
    answer = client.post(RECORD, form)
    assert answer.status_code == 422
    assert "of a colleague of this office" in answer.content.decode()
    assert not Dossier.objects.exists()
    assert client.post(RECORD, form | yes()).status_code == 303
    assert KinshipAnswer.objects.get().colleague == bart


def test_recording_herself_is_refused_at_the_name(els: Clerk) -> None:
    form = recording(first_names="Els Maria", asks_family="1", is_family="no")
    answer = signed_in(els).post(RECORD, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"last_name"}
    assert not Dossier.objects.exists()


def test_the_choice_stays_while_another_field_is_wrong(els: Clerk) -> None:
    form = recording(asks_family="1", is_family="no", email="rik at home")
    page = signed_in(els).post(RECORD, form).content.decode()
    radio = re.search(r'<input[^>]*id="id_is_family_0"[^>]*>', page)
    assert radio
    assert "checked" in radio[0]
