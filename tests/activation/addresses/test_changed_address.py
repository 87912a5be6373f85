"""The address of somebody's unused code is changed: who hears of it, who agrees."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from activation.addresses.same_visit import SupervisorNeededError
from activation.codes import links
from activation.codes.issuing import pay_and_issue
from activation.codes.reissuing import correct_email
from activation.codes.validity import last_whole_day, link_end
from activation.enums import ReissueReason
from activation.models import ActivationCode, AddressChange
from counter.enums import Outcome
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, TurnedAway
from notifications.channels.outgoing import Mail
from notifications.enums import DeliveryState, Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from notifications.outbox.delivering import deliver_due
from payments.enums import Method
from tests import cast
from tests.activation.corrections import details
from tests.litany import signed_in
from tests.mail_server import MailServer

OLD = "peter@example.org"
NEW = "juist@example.org"
MINUTE = datetime.timedelta(minutes=1)
AGREES = {"supervisor_name": "sofie", "supervisor_password": cast.PASSWORD}


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    return cast.make_code(dossier, els)[0]


def page(dossier: Dossier, name: str = "correct_email") -> str:
    return reverse(f"activation_desk:{name}", args=[dossier.pk])


def form(code: ActivationCode | None = None, **typed: str) -> dict[str, str]:
    code_id = str(code.pk) if code else ""
    return {"code_id": code_id, "email": NEW, "document_seen": "on"} | typed


def changed(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> AddressChange:
    """Els puts the address right in the visit."""
    correct_email(
        dossier=dossier,
        clerk=clerk,
        email=NEW,
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
    )
    return AddressChange.objects.get()


def pay(dossier: Dossier, clerk: Clerk) -> ActivationCode:
    return pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def an_hour_ago(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(
        recorded_at=timezone.now() - datetime.timedelta(hours=1)
    )
    dossier.refresh_from_db()


def address_of(dossier: Dossier) -> str:
    dossier.refresh_from_db()
    return dossier.email


# The old address is told


def test_the_old_address_is_told_and_the_new_one_gets_the_link(
    dossier: Dossier, els_client: Client, code: ActivationCode, mail_server: MailServer
) -> None:
    assert els_client.post(page(dossier), form(code)).status_code == 303
    deliver_due()
    assert sorted(mail_server.recipients) == [NEW, OLD]
    (mail_to_old,) = [mail for mail in mail_server.messages if mail["To"] == OLD]
    change = AddressChange.objects.get()
    body = mail_to_old.get_body(("plain",))
    assert body is not None
    assert links.refusal_url(change, language="nl") in body.get_content() or (
        links.refusal_url(change, language="fr") in body.get_content()
    )


def test_with_the_old_address_gone_nobody_is_told_in_its_place(
    dossier: Dossier,
    els: Clerk,
    code: ActivationCode,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Sent to the new address it would be a link to object to that very address."""
    changed(dossier, els, code)
    AddressChange.objects.update(old_email="")
    deliver_due()
    assert mail_server.recipients == [NEW]
    notice = Delivery.objects.get(kind=Kind.ADDRESS_CHANGED)
    assert notice.state == DeliveryState.DROPPED
    assert "no_address_before" in caplog.text


def test_the_word_to_the_old_address_names_nobody(
    dossier: Dossier, els: Clerk, code: ActivationCode, mail_server: MailServer
) -> None:
    """It may be a stranger's, typed by mistake."""
    changed(dossier, els, code)
    deliver_due()
    (notice,) = [mail for mail in mail_server.messages if mail["To"] == OLD]
    new = cast.code_of(dossier)
    content = notice.as_string() + str(notice["Subject"])
    for part in notice.walk():
        if part.get_content_maintype() == "text":
            content += part.get_content()
    for secret in (
        dossier.last_name,
        dossier.first_names,
        dossier.reference,
        NEW,
        cast.PETER_NUMBER,
        links.token(new),
        links.token(code),
    ):
        assert secret not in content


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_it_is_dutch_first_and_in_the_language_of_the_dossier(
    dossier: Dossier, els: Clerk, code: ActivationCode, language: str
) -> None:
    Dossier.objects.update(language=language)
    change = changed(dossier, els, code)
    mail = render(Delivery.objects.get(kind=Kind.ADDRESS_CHANGED), at=timezone.now())
    assert isinstance(mail, Mail)
    words = mail.message.text
    assert words.startswith("Beste\n")
    assert links.refusal_url(change, language=language) in words
    call = {"nl": "Bel", "fr": "Appelez", "de": "Rufen", "en": "Call"}[language]
    assert call in words
    with override(language):
        last_day = date_format(last_whole_day(link_end(change.at)))
    assert last_day in words
    assert dossier.office.phone in words


def test_before_payment_the_old_address_is_told_too(
    dossier: Dossier, els_client: Client, mail_server: MailServer
) -> None:
    assert els_client.post(page(dossier), form()).status_code == 303
    deliver_due()
    assert mail_server.recipients == [OLD]


def test_an_old_mailbox_that_refuses_is_not_held_against_the_new_address(
    dossier: Dossier, els_client: Client, code: ActivationCode, mail_server: MailServer
) -> None:
    els_client.post(page(dossier), form(code))
    mail_server.answers = {"peter": "550 5.1.1 Mailbox unknown"}
    deliver_due()
    refused = Delivery.objects.get(kind=Kind.ADDRESS_CHANGED)
    assert refused.state == DeliveryState.REFUSED
    shown = els_client.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert "The mail was refused" not in shown.content.decode()
    assert not els_client.get(reverse("counter_desk:desk")).context["problems"]


# The visit, and a supervisor after it


@pytest.mark.parametrize("has_code", [True, False])
def test_after_the_visit_a_supervisor_agrees(
    dossier: Dossier, els: Clerk, els_client: Client, sofie: Clerk, *, has_code: bool
) -> None:
    code = cast.make_code(dossier, els)[0] if has_code else None
    an_hour_ago(dossier)
    shown = els_client.get(page(dossier)).content.decode()
    assert 'name="supervisor_name"' in shown
    answer = els_client.post(page(dossier), form(code))
    assert answer.status_code == 422
    assert NEW in answer.content.decode()
    assert address_of(dossier) == OLD
    assert els_client.post(page(dossier), form(code) | AGREES).status_code == 303
    assert address_of(dossier) == NEW
    assert AddressChange.objects.get().supervisor == sofie
    entry = JournalEntry.objects.get(event=Event.LATE_CORRECTION_APPROVED)
    assert entry.clerk == sofie


def test_in_the_visit_the_clerk_does_it_alone(
    dossier: Dossier, els_client: Client, code: ActivationCode
) -> None:
    assert "supervisor_name" not in els_client.get(page(dossier)).content.decode()
    assert els_client.post(page(dossier), form(code)).status_code == 303


def test_a_supervisor_at_work_agrees_by_sending_it(
    dossier: Dossier, sofie_client: Client, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    assert sofie_client.post(page(dossier), form(code)).status_code == 303
    assert address_of(dossier) == NEW


def test_a_wrong_password_of_the_supervisor_changes_nothing(
    dossier: Dossier, els_client: Client, sofie: Clerk, code: ActivationCode
) -> None:
    an_hour_ago(dossier)
    wrong = AGREES | {"supervisor_password": "geraden"}
    assert els_client.post(page(dossier), form(code) | wrong).status_code == 422
    assert address_of(dossier) == OLD


def _needs_supervisor(dossier: Dossier, clerk: Clerk, code_id: uuid.UUID) -> None:
    with pytest.raises(SupervisorNeededError):
        correct_email(
            dossier=dossier,
            clerk=clerk,
            email=NEW,
            code_id=code_id,
            document_seen=True,
            at=timezone.now(),
        )
    assert address_of(dossier) == OLD
    assert cast.code_of(dossier).pk == code_id


def test_a_colleague_is_not_in_the_visit(
    dossier: Dossier, bart: Clerk, code: ActivationCode
) -> None:
    _needs_supervisor(dossier, bart, code.pk)


def test_the_next_person_ends_the_visit(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    leila = cast.make_applicant(
        cast.LEILA_NUMBER, first_names="Leila", last_name="Haddad", birth_date=None
    )
    cast.make_dossier(leila, els, email="leila@example.org")
    _needs_supervisor(dossier, els, code.pk)


def test_who_was_turned_away_ends_it_too(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    TurnedAway.objects.create(
        office=dossier.office,
        clerk=els,
        submission=uuid.uuid4(),
        at=timezone.now(),
        outcome=Outcome.REFUSED,
        reason="other",
    )
    _needs_supervisor(dossier, els, code.pk)


def test_the_code_prolongs_the_visit_and_a_new_code_does_not(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    start = dossier.recorded_at
    with time_machine.travel(start + 14 * MINUTE, tick=False):
        code, _ = cast.make_code(dossier, els)
    with time_machine.travel(start + 28 * MINUTE, tick=False):
        again = signed_in(els)
        shown = again.get(page(dossier)).content.decode()
        assert "supervisor_name" not in shown
        typed = {
            "document_seen": "on",
            "code_id": code.pk,
            "reason": ReissueReason.SHEET_LOST.value,
        }
        answer = again.post(page(dossier, "reissue_code"), typed)
        assert answer.status_code == 303
    with time_machine.travel(start + 30 * MINUTE, tick=False):
        _needs_supervisor(dossier, els, cast.code_of(dossier).pk)


def test_who_pays_for_an_older_dossier_makes_no_visit_of_it(
    dossier: Dossier, els: Clerk
) -> None:
    """Otherwise a clerk could pay the fee herself and begin a visit that way."""
    an_hour_ago(dossier)
    code = pay(dossier, els)
    _needs_supervisor(dossier, els, code.pk)


@pytest.mark.parametrize("agrees", [False, True])
def test_names_with_a_new_sheet_need_a_supervisor_after_the_visit(
    dossier: Dossier,
    els_client: Client,
    sofie: Clerk,
    code: ActivationCode,
    *,
    agrees: bool,
) -> None:
    an_hour_ago(dossier)
    url = page(dossier, "correct_details")
    assert 'name="supervisor_name"' in els_client.get(url).content.decode()
    typed = details(code, first_names="Pieter") | (AGREES if agrees else {})
    assert els_client.post(url, typed).status_code == (303 if agrees else 422)
    dossier.refresh_from_db()
    assert dossier.first_names == ("Pieter" if agrees else "Peter")
    assert (cast.code_of(dossier) == code) is not agrees


def test_names_without_a_sheet_need_none(dossier: Dossier, els_client: Client) -> None:
    an_hour_ago(dossier)
    typed = details(first_names="Pieter")
    url = page(dossier, "correct_details")
    assert els_client.post(url, typed).status_code == 303
