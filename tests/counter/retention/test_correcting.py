"""What can still be corrected after retention removed part or all of a dossier."""

import datetime

import time_machine
from django.urls import reverse

from counter.journal.events import Event
from counter.models import Clerk, Dossier
from counter.tasks import apply_retention
from tests.activation.corrections import details, url
from tests.counter.retention.person import LAST_NAME, Whole, revoke
from tests.litany import signed_in

DAYS = datetime.timedelta(days=1)


def test_a_name_can_be_put_right_after_the_document_s_number_went(
    peter: Whole, els: Clerk, clock: time_machine.Traveller
) -> None:
    clock.shift(31 * DAYS)
    apply_retention()
    peter.dossier.refresh_from_db()
    assert peter.dossier.document_number == ""
    form = details(last_name=LAST_NAME, first_names="Pietertje Jan")
    answer = signed_in(els).post(url(peter.dossier), form)
    assert "Type the number of this document." in answer.content.decode()
    form["document_number"] = "EN123456"
    assert signed_in(els).post(url(peter.dossier), form).status_code == 303
    peter.dossier.refresh_from_db()
    assert peter.dossier.first_names == "Pietertje Jan"
    apply_retention()
    peter.dossier.refresh_from_db()
    assert (peter.dossier.document_number, peter.dossier.email) == ("", "")


def test_an_anonymised_dossier_is_put_right_no_more(
    peter: Whole, els: Clerk, clock: time_machine.Traveller
) -> None:
    revoke(peter.key)
    clock.shift(365 * DAYS)
    apply_retention()
    els_client = signed_in(els)
    for page in ("correct_details", "correct_number"):
        address = url(peter.dossier, page)
        assert els_client.get(address).status_code == 303
        assert els_client.post(address, details()).status_code == 303
    new = {"email": "new@example.net", "original_seen": "on", "code_id": ""}
    els_client.post(url(peter.dossier, "correct_email"), new)
    assert Dossier.objects.get().first_names == ""
    assert Dossier.objects.get().email == ""
    reveal = reverse("counter_dossiers:reveal_number", args=[peter.dossier.pk])
    assert els_client.post(reveal, {"reason": "question"}).status_code == 200
    assert not peter.dossier.journal.filter(event=Event.NUMBER_REVEALED).exists()
