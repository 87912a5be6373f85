"""An act is refused with a sentence when something changed since its page opened."""

import datetime
import uuid
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes import reissuing
from activation.enums import CodeState, ReissueReason
from activation.models import ActivationCode
from counter.enquiries import handling
from counter.enums import EnquiryKind
from counter.journal.events import Event
from counter.models import Clerk, Dossier, Enquiry, JournalEntry, LegalHold, Office
from counter.retention import holds
from counter.retention.reasons import HoldReason, LiftReason
from notifications.models import Delivery
from payments.enums import ReversalReason
from payments.models import Payment, Reversal
from payments.reversals import reversing
from tests import cast
from tests.litany import signed_in
from tests.payments.reversals.test_service_reversing import paid
from tests.races import at_once

CHANGED = "This has changed since you opened the page"


@pytest.fixture
def coded(dossier: Dossier, els: Clerk) -> Dossier:
    cast.make_code(dossier, els)
    return dossier


def opened(client: Client, page: str) -> dict[str, str]:
    """The hidden field with which the form of an act tells what the page showed."""
    text = client.get(page).text
    before, _name, after = text.partition('name="as_shown" value="')
    assert before != text
    return {"as_shown": after.partition('"')[0]}


def messages_of(answer: Any) -> str:  # noqa: ANN401 (the test client's answer)
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("name", ["resend", "revoke-code"])
def test_what_goes_by_a_code_is_refused_when_another_was_printed(
    coded: Dossier, els: Clerk, sofie_client: Client, name: str
) -> None:
    page = reverse("admin:counter_dossier_act", args=[coded.pk, name])
    sent = opened(sofie_client, page) | {"reason": "afar"}
    old = ActivationCode.objects.get(state=CodeState.LIVE)
    reissuing.reissue_code(
        dossier=coded,
        clerk=els,
        code_id=old.pk,
        reason=next(iter(ReissueReason)),
        at=timezone.now(),
        document_seen=True,
    )
    mails = Delivery.objects.count()
    answer = sofie_client.post(page, sent, follow=True)
    assert CHANGED in messages_of(answer)
    assert Delivery.objects.count() == mails
    assert ActivationCode.objects.filter(state=CodeState.LIVE).exclude(pk=old.pk)


def test_a_mail_is_not_sent_again_to_an_address_that_nobody_saw(
    coded: Dossier, sofie_client: Client
) -> None:
    page = reverse("admin:counter_dossier_act", args=[coded.pk, "resend"])
    sent = opened(sofie_client, page) | {"reason": "afar"}
    Dossier.objects.filter(pk=coded.pk).update(email="anders@example.org")
    assert CHANGED in messages_of(sofie_client.post(page, sent, follow=True))
    again = opened(sofie_client, page) | {"reason": "afar"}
    assert CHANGED not in messages_of(sofie_client.post(page, again, follow=True))


def test_no_second_hold_after_one_that_was_set_and_lifted_meanwhile(
    dossier: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    page = reverse("admin:counter_dossier_hold", args=[dossier.pk])
    until = timezone.localdate() + datetime.timedelta(days=30)
    sent = opened(sofie_client, page) | {"reason": "lawsuit", "until": str(until)}
    at = timezone.now()
    hold = holds.set_hold(
        dossier=dossier, reason=HoldReason.LAWSUIT, until=until, clerk=sofie, at=at
    )
    holds.lift_hold(hold=hold, reason=next(iter(LiftReason)), clerk=sofie, at=at)
    assert CHANGED in messages_of(sofie_client.post(page, sent, follow=True))
    assert LegalHold.objects.count() == 1


def test_no_reversal_is_asked_after_one_that_was_asked_and_withdrawn(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    paid(dossier, els)
    page = reverse("payments_reversals:ask_reversal", args=[dossier.pk])
    sent = opened(els_client, page) | {"reason": "mistake"}
    at, payment = timezone.now(), Payment.objects.get()
    reason = next(iter(ReversalReason))
    asked = reversing.ask_reversal(payment=payment, clerk=els, reason=reason, at=at)
    reversing.withdraw_reversal(reversal_id=asked.pk, clerk=els, at=at)
    sent["reason"] = str(reason)
    assert CHANGED in messages_of(els_client.post(page, sent, follow=True))
    assert Reversal.objects.count() == 1


def test_an_answer_to_what_a_colleague_took_meanwhile_is_sent_when_asked_twice(
    office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    """The words stay, and who took it is said."""
    lies = cast.make_clerk("lies", office, desk="", role=sofie.role)
    message = cast.make_enquiry(office)
    Enquiry.objects.filter(pk=message.pk).update(email="peter@example.org")
    page = reverse("admin:counter_enquiry_answer", args=[message.pk])
    sent = opened(sofie_client, page) | {"text": "Ja, hij werkt."}
    handling.give(enquiry=message, to=lies, by=lies)
    answer = sofie_client.post(page, sent)
    assert answer.status_code == 422
    assert str(lies) in str(answer.context["form"].non_field_errors())
    assert "Ja, hij werkt." in answer.text
    message.refresh_from_db()
    assert message.handled_at is None
    again = sent | {"as_shown": answer.context["shown_stamp"]}
    assert sofie_client.post(page, again).status_code == 302
    message.refresh_from_db()
    assert message.handled_at


@pytest.mark.parametrize("shown_on", ["give", "change"])
def test_a_message_that_a_colleague_took_meanwhile_is_not_given_away(
    office: Office, sofie: Clerk, sofie_client: Client, shown_on: str
) -> None:
    """Neither by the form for it, nor by the button "I take it" on its page."""
    lies = cast.make_clerk("lies", office, desk="", role=sofie.role)
    message = Enquiry.objects.create(
        office=office,
        kind=next(iter(EnquiryKind)),
        language="nl",
        text="Werkt mijn sleutel nog?",
        received_at=timezone.now(),
        submission=uuid.uuid4(),
    )
    page = reverse("admin:counter_enquiry_give", args=[message.pk])
    shown = reverse(f"admin:counter_enquiry_{shown_on}", args=[message.pk])
    sent = opened(sofie_client, shown) | {"owner": str(sofie.pk)}
    handling.give(enquiry=message, to=lies, by=lies)
    assert CHANGED in messages_of(sofie_client.post(page, sent, follow=True))
    message.refresh_from_db()
    assert message.owner == lies


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_message_at_once_one_has_it(
    office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    lies = cast.make_clerk("lies", office, desk="", role=sofie.role)
    message = cast.make_enquiry(office)
    page = reverse("admin:counter_enquiry_give", args=[message.pk])
    shown = reverse("admin:counter_enquiry_change", args=[message.pk])
    taking = [
        (client, opened(client, shown) | {"owner": str(clerk.pk)})
        for clerk, client in ((sofie, sofie_client), (lies, signed_in(lies)))
    ]
    at_once([partial(client.post, page, sent) for client, sent in taking])
    assert JournalEntry.objects.filter(event=Event.ENQUIRY_GIVEN).count() == 1
