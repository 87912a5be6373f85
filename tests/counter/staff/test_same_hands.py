"""Two accounts that may be in the hands of one person are not two people."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import HARMLESS_ACTS, AccountAct, Role
from counter.models import AccountChange, Clerk, Dossier, Office, PasswordLink
from counter.staff import password_links, same_hands
from payments.enums import ReversalState
from tests import cast
from tests.counter.staff.hands import did, lies
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in
from tests.payments.reversals.test_service_reversing import asked, paid

__all__ = ["lies"]


WEEK = datetime.timedelta(days=7)
pytestmark = pytest.mark.usefixtures("english")


def why_not(first: Clerk, second: Clerk, *, may_alone: bool = False) -> str:
    return same_hands.why_not(first, second, at=timezone.now(), may_alone=may_alone)


# The rule


@pytest.mark.parametrize("act", sorted(set(AccountAct) - HARMLESS_ACTS))
def test_for_a_week_the_two_count_as_one(
    sofie: Clerk, lies: Clerk, act: AccountAct
) -> None:
    did(sofie, lies, act, ago=WEEK - datetime.timedelta(minutes=1))
    assert "count as one person until" in why_not(sofie, lies)
    assert why_not(lies, sofie)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        assert not why_not(sofie, lies)
        assert not why_not(lies, sofie)


def test_the_machine_and_the_owner_do_not_count(sofie: Clerk, lies: Clerk) -> None:
    did(None, lies)
    did(lies, lies, AccountAct.EMAIL)
    assert not why_not(sofie, lies)


@pytest.mark.parametrize("act", sorted(HARMLESS_ACTS))
def test_another_role_or_office_gives_nobody_the_account(
    sofie: Clerk, lies: Clerk, act: AccountAct
) -> None:
    did(sofie, lies, act)
    assert not why_not(sofie, lies)


def test_by_way_of_a_third(
    office: Office, sofie: Clerk, lies: Clerk, bart: Clerk
) -> None:
    an = cast.make_clerk("an", office, desk="", role=Role.SUPERVISOR)
    did(sofie, lies, ago=datetime.timedelta(days=3))
    did(lies, an, ago=datetime.timedelta(days=2))
    did(an, bart, ago=datetime.timedelta(days=1))
    for second in (lies, an, bart):
        assert why_not(sofie, second)
        assert why_not(second, sofie)


def test_a_chain_ends_a_week_after_its_last_link(
    office: Office, sofie: Clerk, lies: Clerk, bart: Clerk
) -> None:
    """Sofie made lies, and as lies she made bart: the second act counts for its whole
    week, although the first is older than a week.
    """
    an = cast.make_clerk("an", office, desk="")
    day = datetime.timedelta(days=1)
    did(sofie, lies, AccountAct.MADE, ago=12 * day)
    did(lies, bart, AccountAct.MADE, ago=6 * day)
    assert "as one person until" in why_not(sofie, bart)
    assert why_not(bart, sofie)
    assert not why_not(sofie, lies)
    until = timezone.localtime() + day
    assert f"{until:%d}" in why_not(sofie, bart)
    with time_machine.travel(timezone.now() + day):
        assert not why_not(sofie, bart)
    # What lies did more than a week after Sofie made her is her own act.
    did(lies, an, ago=4 * day)
    assert not why_not(sofie, an)
    did(lies, bart, ago=day / 2)
    assert why_not(sofie, bart)


def test_not_by_what_a_third_did_before_her_account_was_touched(
    sofie: Clerk, lies: Clerk, bart: Clerk
) -> None:
    did(lies, bart, ago=datetime.timedelta(days=2))
    did(sofie, lies, ago=datetime.timedelta(days=1))
    assert not why_not(sofie, bart)
    assert why_not(sofie, lies)
    did(lies, bart, ago=datetime.timedelta(hours=1))
    assert why_not(sofie, bart)


def test_two_that_the_same_colleague_made(
    sofie: Clerk, lies: Clerk, bart: Clerk, els: Clerk
) -> None:
    did(sofie, lies)
    did(sofie, bart)
    assert why_not(bart, lies)
    assert not why_not(els, lies)
    assert not why_not(els, bart)


def test_a_supervisor_still_agrees_to_what_she_may_do_alone(
    sofie: Clerk, lies: Clerk, els: Clerk
) -> None:
    """A clerk's account in her hands gives her nothing more; a supervisor's does."""
    did(sofie, els)
    assert not why_not(els, sofie, may_alone=True)
    did(sofie, lies)
    assert why_not(sofie, lies, may_alone=True)
    assert why_not(els, lies, may_alone=True)


def test_the_sentence_says_until_when(sofie: Clerk, lies: Clerk) -> None:
    did(sofie, lies, ago=datetime.timedelta(days=5))
    did(sofie, lies, ago=datetime.timedelta(days=1))
    until = timezone.localtime() + datetime.timedelta(days=6)
    assert f"{until:%d}" in why_not(sofie, lies)
    assert f"{until:%H:%M}" in why_not(sofie, lies)


def test_what_was_noted_is_not_taken_back(sofie: Clerk, lies: Clerk) -> None:
    did(sofie, lies)
    for undo in (
        lambda: AccountChange.objects.update(by=None),
        lambda: AccountChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            undo()


def test_the_attack_over_http(
    dossier: Dossier, els: Clerk, sofie: Clerk, lies: Clerk
) -> None:
    """Sofie gives lies a mailbox of her own, has a link sent there, and uses it."""
    reversal = asked(paid(dossier, els), sofie)
    supervisor = signed_in(sofie)
    assert lies.office is not None
    form = clerk_form(
        lies.office,
        username="lies",
        role="supervisor",
        email="mine@example.org",
        language="en",
    )
    change = reverse("admin:counter_clerk_change", args=[lies.pk])
    assert supervisor.post(change, form).status_code == 302
    with time_machine.travel(timezone.now() + datetime.timedelta(days=6)):
        supervisor = signed_in(sofie)
        send = reverse("admin:counter_clerk_send_password_link", args=[lies.pk])
        supervisor.post(send)
        link = PasswordLink.objects.get()
        new = "een heel ander lang wachtwoord"
        typed = {"new_password1": new, "new_password2": new}
        assert Client().post(password_links.url(link), typed).status_code == 303
    # The week begins when Sofie chose the password.
    with time_machine.travel(timezone.now() + datetime.timedelta(days=12)):
        lies.refresh_from_db()
        page = reverse("payments_reversals:decide_reversal", args=[reversal.pk])
        answer = signed_in(lies).post(page, {"decision": "confirm"}, follow=True)
        assert "count as one person until" in answer.content.decode()
    reversal.refresh_from_db()
    assert reversal.state == ReversalState.ASKED
