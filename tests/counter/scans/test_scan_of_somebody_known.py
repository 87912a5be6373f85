"""A scanned document opens the dossier of somebody known."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.models import DigitalKey, KeyHolder
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.cast import PETER_NUMBER, make_code
from tests.counter.scans.scanning import CARD, RECORD, SEARCH, scan
from tests.counter.scans.zones import peters_card
from tests.litany import signed_in


def end(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(
        state="lapsed", lapsed_at=timezone.now()
    )


def test_an_open_dossier_opens(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    answer = scan(els_client, CARD)
    assert answer.headers["Location"] == reverse(
        "counter_dossiers:dossier", args=[dossier.pk]
    )
    entry = JournalEntry.objects.get(event=Event.NUMBER_LOOKED_UP)
    assert (entry.clerk, entry.dossier) == (els, dossier)


def test_an_expired_card_opens_nobody_without_a_word(
    els_client: Client, dossier: Dossier
) -> None:
    answer = scan(els_client, peters_card("200106"))
    assert answer.status_code == 422
    assert answer.context["known"].open_dossier == dossier


def test_who_came_before_begins_again_with_the_scan(
    els_client: Client, dossier: Dossier
) -> None:
    person = dossier.applicant
    person.first_names = "Péter Jozef"
    person.save()
    end(dossier)
    known = scan(els_client, CARD).context["known"]
    assert (known.open_dossier, known.dossiers) == (None, [dossier])
    answer = els_client.post(RECORD, {"start": "1", **known.visit})
    form = answer.context["form"]
    assert form["first_names"].value() == "Péter Jozef"
    assert form["document_number"].value() == "000001115702"
    assert form["email"].value() is None
    assert "document_expiry" in form.from_scan
    assert "first_names" not in form.from_scan


def test_an_active_key_is_shown_with_its_end(
    els: Clerk, els_client: Client, dossier: Dossier
) -> None:
    now = timezone.now()
    code, _text = make_code(dossier, els)
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="peterj", created_at=now
    )
    key = DigitalKey(holder=holder, code=code, kind=KeyKind.APP, state=KeyState.ACTIVE)
    key.created_at = key.activated_at = now
    noon = now.replace(hour=12)
    key.valid_until = noon.replace(year=now.year + 10, month=1, day=5)
    key.secret = "s"
    key.save()
    end(dossier)
    answer = els_client.post(SEARCH, {"q": PETER_NUMBER})
    assert answer.context["known"].keys == [key]
    page = answer.content.decode()
    assert f"5 January {now.year + 10}" in page or f"Jan. 5, {now.year + 10}" in page
    assert PETER_NUMBER not in page


def test_a_person_of_another_office_is_nobody_here(
    gust: Clerk, dossier: Dossier
) -> None:
    answer = scan(signed_in(gust), CARD)
    assert answer.status_code == 200
    assert answer.context["unknown"]
    assert str(dossier.pk) not in answer.content.decode()
