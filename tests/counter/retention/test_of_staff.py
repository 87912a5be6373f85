"""What is removed about colleagues who left, and what stays."""

import datetime
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import AccountAct
from counter.models import (
    AccountChange,
    CityIdentity,
    Clerk,
    DestructionRecord,
    KnownComputer,
    SecondFactor,
)
from counter.tasks import apply_retention

DAYS = datetime.timedelta(days=1)


@pytest.fixture
def gone(els: Clerk, clock: time_machine.Traveller) -> Clerk:
    """Els has left: her account is off, and still has an app, a known computer and a
    link with the city's sign-on.
    """
    now = timezone.now()
    SecondFactor.objects.filter(clerk=els).delete()
    SecondFactor.objects.create(clerk=els, attempt=uuid.uuid4(), begun_at=now)
    KnownComputer.objects.create(clerk=els, mark=b"m" * 32, signed_in_at=now)
    CityIdentity.objects.create(clerk=els, mark=b"c" * 32, linked_at=now)
    els.first_name, els.last_name = "Els", "Aerts"
    els.email = "els@example.org"
    els.is_active = False
    els.save()
    if not els.account_changes.filter(act=AccountAct.SWITCHED_OFF).exists():
        AccountChange.objects.create(account=els, act=AccountAct.SWITCHED_OFF, at=now)
    return els


def test_after_a_year_nothing_is_left_to_sign_in_with(
    gone: Clerk, clock: time_machine.Traveller
) -> None:
    clock.shift(365 * DAYS - datetime.timedelta(seconds=1))
    apply_retention()
    gone.refresh_from_db()
    assert gone.email
    clock.shift(datetime.timedelta(seconds=1))
    apply_retention()
    gone.refresh_from_db()
    assert gone.email == ""
    assert not SecondFactor.objects.filter(clerk=gone).exists()
    assert not KnownComputer.objects.filter(clerk=gone).exists()
    assert not CityIdentity.objects.filter(clerk=gone).exists()
    # Her name stays, with what she did.
    assert (gone.first_name, gone.last_name) == ("Els", "Aerts")


def test_so_for_an_account_that_never_had_an_address(
    gone: Clerk, clock: time_machine.Traveller
) -> None:
    Clerk.objects.filter(pk=gone.pk).update(email="")
    clock.shift(365 * DAYS)
    apply_retention()
    assert not SecondFactor.objects.filter(clerk=gone).exists()
    assert DestructionRecord.objects.get(rule="account_off").rows == 1
    apply_retention()  # and the next night has nothing left to do
    assert DestructionRecord.objects.get(rule="account_off").rows == 1


def test_who_is_switched_on_again_keeps_it(
    gone: Clerk, clock: time_machine.Traveller
) -> None:
    gone.is_active = True
    gone.save()
    clock.shift(370 * DAYS)
    apply_retention()
    gone.refresh_from_db()
    assert gone.email
    assert SecondFactor.objects.filter(clerk=gone).exists()


def test_a_computer_that_nobody_signs_in_at_is_forgotten(
    els: Clerk, clock: time_machine.Traveller
) -> None:
    now = timezone.now()
    KnownComputer.objects.create(clerk=els, mark=b"n" * 32, signed_in_at=now)
    clock.shift(400 * DAYS)
    apply_retention()
    assert not KnownComputer.objects.exists()


def changed(els: Clerk, days: int, sofie: Clerk) -> AccountChange:
    return AccountChange.objects.create(
        account=els,
        by=sofie,
        act=AccountAct.EMAIL,
        at=timezone.now() - days * DAYS,
        old_email="vroeger@example.org",
        second_supervisor=sofie,
        second_email="sofie@example.org",
    )


def test_an_old_address_goes_after_half_a_year_and_what_was_done_stays(
    els: Clerk, sofie: Clerk
) -> None:
    older, newer = (changed(els, days, sofie) for days in (183, 182))
    apply_retention()
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.old_email, older.second_email) == ("", "")
    assert (older.account, older.by, older.act) == (els, sofie, AccountAct.EMAIL)
    assert newer.old_email == "vroeger@example.org"
    proof = DestructionRecord.objects.get(rule="old_address_of_staff")
    assert proof.rows == 1


def test_the_preview_counts_it_beforehand(
    els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    changed(els, 190, sofie)
    page = sofie_client.get(reverse("admin:counter_retentionperiod_changelist"))
    lines = {line.rule.code: line.count for line in page.context["lines"]}
    assert lines["old_address_of_staff"] == 1
