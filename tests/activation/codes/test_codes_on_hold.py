"""While it is undecided whether a payment goes back, its code does not work."""

import datetime
import uuid
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes import links
from activation.codes.activation_code import code_text
from activation.codes.freezing import freeze_code
from activation.codes.issuing import SlipClosedError, open_slip
from activation.codes.lapsing import lapse_codes
from activation.codes.reissuing import (
    CodeMovedOnError,
    correct_email,
    reissue_code,
    resend_link,
)
from activation.enums import CodeState, KeyState, ReissueReason
from activation.exceptions import CodeEndedError
from activation.journey.activating import activate_key
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.reminders.reminders import put_reminders
from payments.enums import ReversalReason
from payments.models import Payment, Reversal
from payments.reversals.reversing import (
    agree_to_reversal,
    ask_reversal,
    refuse_reversal,
    withdraw_reversal,
)
from tests.activation.helpers import (
    choose_account,
    choose_key,
    digits_of,
    link,
    open_link,
    path,
    text_of,
    type_code,
)
from tests.payments.reversals.test_service_reversing import paid
from tests.races import at_once

DAY = datetime.timedelta(days=1)


@pytest.fixture
def payment(dossier: Dossier, els: Clerk) -> Payment:
    return paid(dossier, els)


@pytest.fixture
def code(payment: Payment) -> ActivationCode:
    return payment.dossier.codes.get()


def ask(payment: Payment, clerk: Clerk) -> Reversal:
    return ask_reversal(
        payment=payment,
        clerk=clerk,
        reason=ReversalReason.WRONG_PERSON,
        at=timezone.now(),
    )


def withdraw(reversal: Reversal, els: Clerk, sofie: Clerk) -> None:
    del sofie
    withdraw_reversal(reversal_id=reversal.pk, clerk=els, at=timezone.now())


def refuse(reversal: Reversal, els: Clerk, sofie: Clerk) -> None:
    del els
    refuse_reversal(reversal_id=reversal.pk, supervisor=sofie, at=timezone.now())


@pytest.mark.parametrize("drop", [withdraw, refuse])
def test_it_works_again_when_the_payment_stands(
    payment: Payment,
    code: ActivationCode,
    els: Clerk,
    sofie: Clerk,
    client: Client,
    drop: object,
) -> None:
    """The code has the same last day as before, and the same link opens it."""
    reversal = ask(payment, els)
    page = client.get(link(code))
    assert page.status_code == 409
    assert "on hold" in text_of(page.content)
    drop(reversal, els, sofie)  # type: ignore[operator]
    last_day = code.last_day
    code.refresh_from_db()
    assert (code.state, code.last_day) == (CodeState.LIVE, last_day)
    type_code(client, code, code_text(code))


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_page_says_it_in_every_language(
    payment: Payment, code: ActivationCode, els: Clerk, client: Client, language: str
) -> None:
    open_link(client, code)
    ask(payment, els)
    page = client.get(path("enter_code", language=language))
    sentences = {
        "nl": "werkt even niet",
        "fr": "ne fonctionne pas pour l’instant",
        "de": "im Moment nicht",
        "en": "is on hold",
    }
    assert sentences[language] in text_of(page.content)


def test_who_was_in_the_middle_is_told_and_goes_on_afterwards(
    payment: Payment, code: ActivationCode, els: Clerk, sofie: Clerk, client: Client
) -> None:
    type_code(client, code, code_text(code))
    choose_account(client)
    key = choose_key(client, "app")
    reversal = ask(payment, els)
    answer = client.post(path("confirm_key"), {"digits": digits_of(key)})
    assert answer.status_code == 409
    assert "on hold" in text_of(answer.content)
    refuse(reversal, els, sofie)
    type_code(client, code, code_text(code))


@pytest.mark.parametrize("state", [CodeState.LOCKED, CodeState.FROZEN])
def test_a_code_that_was_stopped_before_is_stopped_afterwards(
    payment: Payment, code: ActivationCode, els: Clerk, sofie: Clerk, state: CodeState
) -> None:
    now = timezone.now()
    if state == CodeState.FROZEN:
        freeze_code(code_id=code.pk, at=now)
    else:
        ActivationCode.objects.update(state=state, locked_at=now, attempts=5)
    withdraw(ask(payment, els), els, sofie)
    code.refresh_from_db()
    assert code.state == state


def test_who_did_not_ask_for_it_is_heard_while_it_is_on_hold(
    payment: Payment,
    code: ActivationCode,
    els: Clerk,
    sofie: Clerk,
    client: Client,
    els_client: Client,
) -> None:
    """The mail went to a wrong person, who says so: the code must never work again."""
    reversal = ask(payment, els)
    page = client.get(path("open_refusal", links.token(code)), follow=True)
    assert "Somebody gave your e-mail address" in text_of(page.content)
    answer = client.post(path("not_mine"), {"sure": "on"}, follow=True)
    stopped = text_of(answer.content)
    code.refresh_from_db()
    assert code.state == CodeState.HELD
    assert Delivery.objects.filter(kind=Kind.NOT_MINE).count() == 1
    assert stopped == text_of(client.get(path("not_mine")).content)
    desk = els_client.get(reverse("counter_desk:desk")).context["problems"]
    assert payment.dossier in [problem.dossier for problem in desk]
    refuse(reversal, els, sofie)
    code.refresh_from_db()
    assert code.state == CodeState.FROZEN
    assert client.get(link(code)).status_code == 410


def test_nothing_is_made_of_it_at_the_counter_meanwhile(
    payment: Payment, code: ActivationCode, els: Clerk
) -> None:
    dossier = Dossier.objects.select_related("office", "applicant").get()
    ask(payment, els)
    now = timezone.now()
    again = partial(
        reissue_code,
        dossier=dossier,
        clerk=els,
        reason=ReissueReason.SHEET_LOST,
        code_id=code.pk,
        document_seen=True,
        at=now,
    )
    correct = partial(
        correct_email,
        dossier=dossier,
        clerk=els,
        email="new@example.org",
        code_id=code.pk,
        document_seen=True,
        at=now,
    )
    for press in (
        again,
        correct,
        partial(resend_link, dossier=dossier, clerk=els, at=now),
    ):
        with pytest.raises(CodeMovedOnError):
            press()
    with pytest.raises(SlipClosedError):
        open_slip(dossier=dossier, clerk=els, at=now)


def test_its_mails_wait(
    payment: Payment, code: ActivationCode, els: Clerk, sofie: Clerk
) -> None:
    """A mail that had not left yet is sent when the payment stands."""
    mail = Delivery.objects.get(kind=Kind.ACTIVATION_LINK)
    reversal = ask(payment, els)
    mail.refresh_from_db()
    assert mail.state == DeliveryState.DROPPED
    put_reminders(at=code.issued_at + 7 * DAY)
    assert Delivery.objects.count() == 1
    refuse(reversal, els, sofie)
    mail.refresh_from_db()
    assert mail.state == DeliveryState.WAITING
    put_reminders(at=code.issued_at + 7 * DAY)
    assert Delivery.objects.count() == 2


def test_a_mail_that_was_dropped_before_stays_so(
    payment: Payment, els: Clerk, sofie: Clerk
) -> None:
    earlier = timezone.now() - DAY
    Delivery.objects.update(state=DeliveryState.DROPPED, dropped_at=earlier)
    refuse(ask(payment, els), els, sofie)
    assert Delivery.objects.get().state == DeliveryState.DROPPED


def test_its_two_weeks_go_on(
    payment: Payment, code: ActivationCode, els: Clerk, sofie: Clerk, client: Client
) -> None:
    reversal = ask(payment, els)
    lapse_codes(at=code.valid_until)
    refuse(reversal, els, sofie)
    code.refresh_from_db()
    assert code.state == CodeState.LAPSED
    assert client.get(link(code)).status_code == 410


def test_it_ends_when_the_money_goes_back(
    payment: Payment, code: ActivationCode, els: Clerk, sofie: Clerk, client: Client
) -> None:
    reversal = ask(payment, els)
    now = timezone.now()
    agree_to_reversal(reversal_id=reversal.pk, supervisor=sofie, at=now)
    code.refresh_from_db()
    payment.dossier.refresh_from_db()
    assert code.state == CodeState.REPLACED
    assert payment.dossier.state == DossierState.CANCELLED
    assert client.get(link(code)).status_code == 410


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_of_asking_and_activating_at_once_nobody_gets_both(
    payment: Payment, code: ActivationCode, els: Clerk, client: Client, turn: int
) -> None:
    type_code(client, code, code_text(code))
    choose_account(client)
    key = choose_key(client, "app")
    digits, key_id = digits_of(key), uuid.UUID(str(key.pk))

    def activate() -> bool:
        try:
            activate_key(
                code_id=code.pk, key_id=key_id, typed=digits, at=timezone.now()
            )
        except CodeEndedError:
            return False
        return True

    def asked() -> bool:
        ask(payment, els)
        return True

    activated, _asked = at_once([activate, asked])
    code.refresh_from_db()
    key.refresh_from_db()
    assert code.state == (CodeState.USED if activated else CodeState.HELD)
    assert (key.state == KeyState.ACTIVE) == activated
