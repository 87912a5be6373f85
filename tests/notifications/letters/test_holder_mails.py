"""What mails tell a key holder about changes in the account."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, Purpose
from activation.holder.account import ask_for_email, confirm_email
from activation.holder.changes import note_change
from activation.models import HolderChange, KeyHolder
from activation.one_time.digits import one_time_text
from activation.one_time.holder_codes import request_code
from counter.models import Clerk, Dossier
from notifications.channels.outgoing import Mail, TextMessage
from notifications.enums import Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests.activation.holder.helpers import make_holder, make_key, sign_in

ALL = list(Change)


@pytest.fixture
def holder(dossier: Dossier, els: Clerk) -> KeyHolder:
    return make_holder(dossier, els)


def mail_of(delivery: Delivery) -> Mail:
    mail = render(delivery, at=timezone.now())
    assert isinstance(mail, Mail)
    return mail


def announce_change(
    holder: KeyHolder, act: Change, kind: KeyKind, *, old_email: str
) -> None:
    old = old_email if act == Change.OLD_EMAIL else ""
    note_change(holder, act, at=timezone.now(), kind=kind, old_email=old)


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
@pytest.mark.parametrize("act", ALL)
def test_each_change_is_told_in_each_language(
    holder: KeyHolder, act: Change, language: str
) -> None:
    KeyHolder.objects.update(language=language, email="own@example.net")
    holder.refresh_from_db()
    announce_change(holder, act, KeyKind.APP, old_email="own@example.net")
    delivery = Delivery.objects.get(kind=Kind.HOLDER_CHANGED)
    mail = mail_of(delivery)
    assert mail.to == "own@example.net"
    assert set(mail.languages) == {"nl", language}
    assert mail.message.text.count("016 27 27 27") == len(mail.languages)
    assert f"/{language}/keys/" in mail.message.text
    assert "{" not in mail.message.text
    assert "Peter" in mail.message.html


def test_each_change_reads_differently(holder: KeyHolder) -> None:
    for act in ALL:
        announce_change(holder, act, KeyKind.SMS, old_email="old@example.net")
    texts = {mail_of(delivery).message.text for delivery in Delivery.objects.all()}
    assert len(texts) == len(ALL)


def test_a_new_address_is_told_to_both(holder: KeyHolder) -> None:
    now = timezone.now()
    code = ask_for_email(holder=holder, email="new@example.net", at=now)
    digits = Delivery.objects.get(kind=Kind.ONE_TIME_CODE)
    assert mail_of(digits).to == "new@example.net"
    confirm_email(holder=holder, typed=one_time_text(code), at=now)
    notices = Delivery.objects.filter(kind=Kind.HOLDER_CHANGED)
    assert {mail_of(delivery).to for delivery in notices} == {
        "new@example.net",
        "peter@example.org",
    }


def test_what_is_for_the_old_address_never_goes_to_the_new_one(
    holder: KeyHolder, caplog: pytest.LogCaptureFixture
) -> None:
    """The old address is not kept any more: no mail is sent, and the log says so."""
    note_change(holder, Change.OLD_EMAIL, at=timezone.now())
    assert render(Delivery.objects.get(), at=timezone.now()) is None
    assert "no_address_before" in caplog.text


def test_digits_go_to_the_key_or_to_the_account(holder: KeyHolder) -> None:
    now = timezone.now()
    sms = make_key(holder, KeyKind.SMS)
    request_code(holder=holder, key=sms, purpose=Purpose.SIGN_IN, at=now)
    text = render(Delivery.objects.get(), at=now)
    assert isinstance(text, TextMessage)
    assert text.to == "+32470123456"
    assert "om je aan te melden" in text.text
    later = now + timedelta(minutes=1)
    request_code(holder=holder, purpose=Purpose.RECOVER, at=later)
    delivery = Delivery.objects.latest("created_at")
    assert mail_of(delivery).to == "peter@example.org"
    assert "Met deze e-mail kies je een nieuw wachtwoord" in (
        mail_of(delivery).message.text
    )


def test_old_news_is_not_sent(holder: KeyHolder) -> None:
    note_change(holder, Change.PASSWORD, at=timezone.now() - timedelta(days=8))
    assert render(Delivery.objects.get(), at=timezone.now()) is None


def test_signing_in_on_a_new_device_is_told(client: Client, holder: KeyHolder) -> None:
    sign_in(client, make_key(holder, KeyKind.APP))
    change = HolderChange.objects.get(act=Change.NEW_DEVICE)
    delivery = Delivery.objects.get(kind=Kind.HOLDER_CHANGED)
    assert delivery.subject == change.pk
    assert "toestel" in mail_of(delivery).message.subject


def test_the_desk_is_not_told_when_somebody_signs_in(
    client: Client, holder: KeyHolder
) -> None:
    sign_in(client, make_key(holder, KeyKind.SMS))
    assert Delivery.objects.count() == 2
    assert not holder.dossier.deliveries.exists()
    assert set(Delivery.objects.values_list("holder", flat=True)) == {holder.pk}
