"""Which later mail takes the place of a refused one in the supervisor's list."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from activation.enums import Change
from activation.models import KeyHolder
from counter.enums import AccountAct
from counter.models import AccountChange, Clerk, Dossier
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from notifications.outbox import outbox
from tests.notifications.desk.test_refused_mails import (
    is_told,
    refuse,
    to_the_holder_of,
)
from tests.notifications.desk.test_view_mails_of_no_visit import (
    to_a_colleague,
    to_a_holder,
)

pytestmark = pytest.mark.usefixtures("english")


def holder_of(dossier: Dossier) -> KeyHolder:
    return KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="p", created_at=timezone.now()
    )


def digits(holder: KeyHolder, channel: Channel) -> None:
    outbox.put(
        kind=Kind.ONE_TIME_CODE,
        channel=channel,
        subject=uuid.uuid4(),
        holder=holder,
        at=timezone.now(),
    )


def change_of(
    account: Clerk, *, by: Clerk, kinds: list[Kind], second: Clerk | None = None
) -> None:
    """A change of an account, with the mails of these kinds about it."""
    now = timezone.now()
    change = AccountChange.objects.create(
        account=account,
        by=by,
        second_supervisor=second,
        act=AccountAct.APP_RESET,
        at=now,
    )
    for kind in kinds:
        outbox.put(
            kind=kind,
            channel=Channel.MAIL,
            subject=change.pk,
            account_change=change,
            at=now,
        )


def test_a_later_mail_to_the_colleague_takes_its_place(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_a_colleague(dossier)
    refuse()
    to_a_colleague(dossier)
    assert not is_told(sofie_client)


def test_a_later_mail_to_the_holder_takes_its_place(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_a_holder(dossier)
    refuse()
    holder = KeyHolder.objects.get()
    to_the_holder_of(holder, Change.EMAIL)
    assert not is_told(sofie_client)


def test_a_later_mail_to_the_address_before_does_not(
    dossier: Dossier, sofie_client: Client
) -> None:
    to_a_holder(dossier)
    refuse()
    to_the_holder_of(KeyHolder.objects.get(), Change.OLD_EMAIL)
    assert is_told(sofie_client)


@pytest.mark.parametrize("channel", Channel)
def test_digits_do_not_take_the_place_of_a_notice(
    dossier: Dossier, sofie_client: Client, channel: Channel
) -> None:
    """They may go to another address, and a text message goes to none."""
    holder = holder_of(dossier)
    to_the_holder_of(holder, Change.PASSWORD)
    refuse()
    digits(holder, channel)
    assert is_told(sofie_client)


def test_later_digits_take_the_place_of_digits(
    dossier: Dossier, sofie_client: Client
) -> None:
    holder = holder_of(dossier)
    digits(holder, Channel.MAIL)
    refuse()
    digits(holder, Channel.SMS)
    assert is_told(sofie_client)
    digits(holder, Channel.MAIL)
    assert not is_told(sofie_client)


def test_a_later_mail_that_was_not_sent_takes_no_place(
    dossier: Dossier, sofie_client: Client
) -> None:
    holder = holder_of(dossier)
    to_the_holder_of(holder, Change.PASSWORD)
    refuse()
    to_the_holder_of(holder, Change.EMAIL)
    later = Delivery.objects.filter(state=DeliveryState.WAITING)
    later.update(state=DeliveryState.DROPPED, dropped_at=timezone.now())
    assert is_told(sofie_client)


def test_a_later_mail_about_the_account_takes_the_place_of_one_to_its_owner(
    dossier: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    """And one to the second supervisor says nothing of the owner's address."""
    to_a_colleague(dossier)
    refuse()
    change_of(els, by=sofie, second=sofie, kinds=[Kind.ACCOUNT_SECOND])
    assert is_told(sofie_client)
    change_of(els, by=sofie, kinds=[Kind.ACCOUNT_OWNER])
    assert not is_told(sofie_client)


def test_a_later_mail_with_a_link_takes_the_place_of_one_about_the_account(
    dossier: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    change_of(els, by=sofie, kinds=[Kind.ACCOUNT_OWNER])
    refuse()
    assert is_told(sofie_client)
    to_a_colleague(dossier)
    assert not is_told(sofie_client)
