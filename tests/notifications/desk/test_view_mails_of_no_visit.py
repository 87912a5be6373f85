"""A supervisor is shown each mail of unknown outcome that no dossier's page shows."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activation.models import ActivationCode, KeyHolder
from counter.enums import EnquiryKind, Role
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, Enquiry, JournalEntry, Office
from counter.staff import password_links
from notifications.enums import Channel, DeliveryState, Kind
from notifications.health.journal_heads import put_head
from notifications.models import Delivery
from notifications.outbox import deciding, marking, outbox
from notifications.outbox.delivering import deliver_due
from notifications.outbox.settling import SendingOutcome
from notifications.querysets import MOST_UNCONFIRMED
from tests import cast
from tests.litany import signed_in
from tests.mail_server import Drop, MailServer
from tests.notifications.acts import let_time_pass, mail_to, state_of

pytestmark = pytest.mark.usefixtures("english")

LIST = reverse("notifications_desk:mails_of_no_visit")
DESK = reverse("counter_desk:desk")


def to_the_office(dossier: Dossier) -> None:
    enquiry = Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=dossier.office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        text="?",
        received_at=timezone.now(),
    )
    outbox.put(
        kind=Kind.ENQUIRY,
        channel=Channel.MAIL,
        subject=enquiry.pk,
        enquiry=enquiry,
        at=timezone.now(),
    )


def to_a_holder(dossier: Dossier) -> None:
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="p", created_at=timezone.now()
    )
    outbox.put(
        kind=Kind.ONE_TIME_CODE,
        channel=Channel.MAIL,
        subject=uuid.uuid4(),
        holder=holder,
        at=timezone.now(),
    )


def to_a_colleague(dossier: Dossier) -> None:
    by = dossier.recorded_by
    by.email = "els@example.org"
    by.save()
    password_links.ask_reset(clerk=by, by=by, at=timezone.now())


def to_the_officer(_dossier: Dossier) -> None:
    journal.seal()
    assert put_head(at=timezone.now())


def beside_the_link(dossier: Dossier) -> None:
    outbox.put(
        kind=Kind.ADDRESS_CHANGED,
        channel=Channel.MAIL,
        subject=uuid.uuid4(),
        dossier=dossier,
        at=timezone.now(),
    )


KINDS = [to_the_office, to_a_holder, to_a_colleague, to_the_officer, beside_the_link]


@pytest.fixture
def unknown(
    request: pytest.FixtureRequest, dossier: Dossier, code: ActivationCode
) -> Delivery:
    act: Callable[[Dossier], None] = getattr(request, "param", to_the_office)
    act(dossier)
    Delivery.objects.update(
        state=DeliveryState.UNKNOWN,
        unconfirmed=MOST_UNCONFIRMED,
        unknown_at=timezone.now(),
    )
    return Delivery.objects.get()


@pytest.fixture
def lies_client(other_office: Office) -> Client:
    """A supervisor of the other office."""
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    return signed_in(lies)


def decide(client: Client, delivery: Delivery, decision: str) -> str:
    page = reverse("notifications_desk:decide_mail_of_no_visit", args=[delivery.pk])
    assert client.get(page).status_code == 200
    posted = {"delivery_id": delivery.pk, "decision": decision}
    return client.post(page, posted, follow=True).content.decode()


@pytest.mark.parametrize("unknown", KINDS, indirect=True)
def test_each_kind_is_on_the_supervisor_s_desk_and_can_be_decided(
    unknown: Delivery, sofie: Clerk, sofie_client: Client
) -> None:
    desk = sofie_client.get(DESK).content.decode()
    assert LIST in desk
    assert "mail unknown" in desk
    listed = sofie_client.get(LIST).content.decode()
    assert unknown.get_kind_display().lower() in listed.lower()

    assert "Noted" in decide(sofie_client, unknown, "arrived")
    assert state_of(unknown) == DeliveryState.SENT
    assert JournalEntry.objects.filter(event=Event.MAIL_ARRIVED, clerk=sofie).exists()
    assert LIST not in sofie_client.get(DESK).content.decode()


def test_a_question_sent_again_leaves_once_more(
    unknown: Delivery, sofie_client: Client, mail_server: MailServer
) -> None:
    assert "sent again" in decide(sofie_client, unknown, "again")
    assert deliver_due().outcomes == {SendingOutcome.SENT: 1}
    assert len(mail_server.messages) == 1


@pytest.mark.parametrize("unknown", KINDS, indirect=True)
def test_it_is_no_clerk_s_and_no_other_office_s(
    unknown: Delivery, els_client: Client, gust: Clerk, lies_client: Client
) -> None:
    page = reverse("notifications_desk:decide_mail_of_no_visit", args=[unknown.pk])
    for address in (LIST, page):
        assert els_client.get(address).status_code == 403
        assert signed_in(gust).get(address).status_code == 403
    assert LIST not in els_client.get(DESK).content.decode()
    if unknown.seal is None:
        posted = {"delivery_id": unknown.pk, "decision": "arrived"}
        lies_client.post(page, posted)
        assert state_of(unknown) == DeliveryState.UNKNOWN


def test_digits_of_yesterday_are_nobody_s_question(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_a_holder(dossier)
    ago = timezone.now() - timedelta(days=1, minutes=1)
    Delivery.objects.update(state="unknown", unknown_at=ago, created_at=ago)
    assert LIST not in sofie_client.get(DESK).content.decode()


def test_what_a_dossier_asks_about_is_not_asked_twice(
    waiting: Delivery, sofie_client: Client
) -> None:
    Delivery.objects.update(state="unknown", unknown_at=timezone.now())
    assert LIST not in sofie_client.get(DESK).content.decode()


# Held by a sender, or by nobody any more


@pytest.fixture
def sent_thrice(waiting: Delivery, mail_server: MailServer) -> Delivery:
    """Sent three times; the third sender was killed after the text, and has the row."""
    mail_server.at_data = Drop()
    for _ in range(MOST_UNCONFIRMED - 1):
        deliver_due()
        let_time_pass(60)
    held = outbox.claim(at=timezone.now())
    assert held
    outbox.count_text(held, at=timezone.now())
    return held


def test_what_a_sender_holds_is_not_decided(
    sent_thrice: Delivery, dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    now = timezone.now()
    assert not deciding.of_last_mail(dossier).exists()
    with pytest.raises(deciding.DecidedError):
        deciding.send_again(
            among=deciding.of_last_mail(dossier),
            delivery_id=sent_thrice.pk,
            clerk=els,
            at=now,
        )
    assert marking.mark_sent(sent_thrice, at=now), "the sender settles it"


def test_what_nobody_holds_any_more_is(
    sent_thrice: Delivery, dossier: Dossier, els_client: Client
) -> None:
    let_time_pass(61)
    page = reverse("notifications_desk:decide_mail", args=[dossier.pk])
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert page in shown.content.decode()
    posted = {"delivery_id": sent_thrice.pk, "decision": "arrived"}
    els_client.post(page, posted)

    assert state_of(sent_thrice) == DeliveryState.SENT
    late = Delivery.objects.get()
    assert late.lease is None
    assert not marking.mark_refused(sent_thrice, at=timezone.now(), answer="late")
    assert state_of(sent_thrice) == DeliveryState.SENT


def test_the_list_asks_no_more_of_the_database_for_more_mails(
    dossier: Dossier, els: Clerk, sofie_client: Client
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            shown = sofie_client.get(LIST).content.decode()
        for each in Dossier.objects.all():
            assert shown.count(each.reference) == 2, "undecided and refused"
        return len(asked)

    others = [cast.ANNA_NUMBER, cast.MARIE_NUMBER, cast.LEILA_NUMBER]
    undecided_and_refused(dossier)
    count()
    few = count()
    for number in others:
        undecided_and_refused(cast.make_dossier(cast.make_applicant(number), els))
    assert count() == few


def undecided_and_refused(dossier: Dossier) -> None:
    """Two mails to the person's account; the later one was refused."""
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant,
        user_name=str(dossier.pk),
        created_at=timezone.now(),
    )
    mail_to(holder=holder)
    refused = mail_to(holder=holder)
    refused.state, refused.refused_at = DeliveryState.REFUSED, timezone.now()
    refused.save()


def test_a_mail_to_a_key_holder_is_decided_by_nobody_of_the_family_alone(
    dossier: Dossier, sofie: Clerk
) -> None:
    names = {"first_name": "Sofie", "last_name": dossier.last_name}
    Clerk.objects.filter(pk=sofie.pk).update(**names)
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="p", created_at=timezone.now()
    )
    mail = mail_to(holder=holder)
    page = "notifications_desk:decide_mail_of_no_visit"
    answer = signed_in(sofie).get(reverse(page, args=[mail.pk]))
    question = reverse("counter_people:family", args=[dossier.pk])
    assert answer.headers["Location"].partition("?")[0] == question
