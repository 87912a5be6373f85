"""The old address is kept for a month; with an open objection for a year at most."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activation.addresses.changed_addresses import object_to_change
from activation.addresses.same_visit import AddressNotAgreedError
from activation.models import ActivationCode, AddressChange
from counter.models import Clerk, Dossier
from counter.tasks import apply_retention
from notifications.enums import Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests.activation.addresses.changing import (
    OLD,
    an_hour_ago,
    changed,
    code,
    form,
    page,
    pay,
)
from tests.litany import signed_in

__all__ = ["code"]


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def old_email_after_retention(change: AddressChange) -> str:
    """The old address after the nightly task; empty when the task has forgotten it."""
    apply_retention()
    change.refresh_from_db()
    return change.old_email


def test_a_month_after_the_change_it_is_empty(
    dossier: Dossier, els: Clerk, clock: time_machine.Traveller, code: ActivationCode
) -> None:
    change = changed(dossier, els, code)
    clock.shift(timedelta(days=29))
    assert old_email_after_retention(change) == OLD
    clock.shift(timedelta(days=1))
    assert old_email_after_retention(change) == ""
    # A mail that still waits for the old address is not sent to the new one instead.
    notice = Delivery.objects.get(kind=Kind.ADDRESS_CHANGED)
    assert render(notice, at=change.at + timedelta(days=1)) is None


def test_while_it_objects_it_is_kept_for_a_year_at_most(
    dossier: Dossier, els: Clerk, clock: time_machine.Traveller, code: ActivationCode
) -> None:
    change = changed(dossier, els, code)
    object_to_change(change_id=change.pk, at=timezone.now())
    clock.shift(timedelta(days=364))
    assert old_email_after_retention(change) == OLD
    clock.shift(timedelta(days=1))
    assert old_email_after_retention(change) == ""
    assert AddressChange.objects.disputed().get() == change


def test_settled_it_goes_like_any_other(
    dossier: Dossier, els: Clerk, clock: time_machine.Traveller, code: ActivationCode
) -> None:
    change = changed(dossier, els, code)
    object_to_change(change_id=change.pk, at=timezone.now())
    clock.shift(timedelta(days=31))
    assert old_email_after_retention(change) == OLD
    AddressChange.objects.update(settled_at=timezone.now())
    assert old_email_after_retention(change) == ""


def test_that_a_clerk_changed_it_alone_is_remembered(
    dossier: Dossier, els: Clerk
) -> None:
    signed_in(els).post(page(dossier), form())
    an_hour_ago(dossier)
    AddressChange.objects.update(at=timezone.now() - timedelta(days=31))
    assert old_email_after_retention(AddressChange.objects.get()) == ""
    with pytest.raises(AddressNotAgreedError):
        pay(dossier, els)
