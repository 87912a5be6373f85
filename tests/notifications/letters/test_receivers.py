"""A message is in the outbox if, and only if, what it announces has happened."""

import pytest
from django.db import transaction

from activation.enums import KeyKind
from activation.models import ActivationCode, DigitalKey
from activation.signals import code_issued, key_activated
from counter.models import Clerk, Dossier
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.notifications.acts import (
    announce,
    end,
    make_key,
    request_digits,
)


@transaction.atomic
def issue(dossier: Dossier, clerk: Clerk) -> None:
    code, _ = cast.make_code(dossier, clerk)
    code_issued.send(sender=ActivationCode, code=code)


def test_an_issued_code_puts_its_mail_in(code: ActivationCode) -> None:
    announce(code)

    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.channel) == (Kind.ACTIVATION_LINK, Channel.MAIL)
    assert (delivery.subject, delivery.dossier) == (code.pk, code.dossier)
    assert delivery.state == DeliveryState.WAITING


def test_the_same_announcement_twice_is_one_mail(code: ActivationCode) -> None:
    announce(code)
    announce(code)

    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_sends_nothing(code: ActivationCode) -> None:
    with transaction.atomic():
        code_issued.send(sender=ActivationCode, code=code)
        assert Delivery.objects.exists()
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_outbox_that_fails_takes_the_visit_with_it(
    dossier: Dossier, els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("notifications.outbox.outbox.put_all", fail)
    with pytest.raises(OSError, match="disk full"):
        issue(dossier, els)

    assert not ActivationCode.objects.exists()


def test_digits_for_a_phone_go_by_text_message(dossier: Dossier, els: Clerk) -> None:
    key = make_key(dossier, els, KeyKind.SMS, destination="+32470000000")

    request_digits(key)

    assert Delivery.objects.get().channel == Channel.SMS


def test_digits_for_a_mailbox_go_by_mail(dossier: Dossier, els: Clerk) -> None:
    key = make_key(dossier, els, KeyKind.EMAIL, destination="peter@example.org")

    request_digits(key)

    assert Delivery.objects.get().channel == Channel.MAIL


def test_an_active_key_is_confirmed_by_mail_whatever_its_kind(
    dossier: Dossier, els: Clerk
) -> None:
    key = make_key(dossier, els, KeyKind.SMS, destination="+32470000000")
    with transaction.atomic():
        key_activated.send(sender=DigitalKey, key=key)

    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.channel) == (Kind.KEY_ACTIVATED, Channel.MAIL)


def test_a_code_that_ends_takes_its_waiting_mails_along(
    waiting: Delivery, code: ActivationCode
) -> None:
    end(code)

    waiting.refresh_from_db()
    assert waiting.state == DeliveryState.DROPPED
    assert waiting.dropped_at is not None


def test_a_code_that_ends_leaves_what_was_sent(
    waiting: Delivery, code: ActivationCode
) -> None:
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=waiting.created_at)

    end(code)

    waiting.refresh_from_db()
    assert waiting.state == DeliveryState.SENT
