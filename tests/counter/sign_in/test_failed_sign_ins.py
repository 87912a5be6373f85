"""Supervisors see each wrong try at a secret of staff, in whichever form it was."""

import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from counter.desk import dashboard
from counter.enums import Role, SecretForm, StaffSecret
from counter.journal.events import FAILED_SIGN_INS, Event
from counter.models import Clerk, Dossier, JournalEntry, Office, SignInFailure
from counter.querysets import hour_of_failures
from counter.tasks import sum_up_failed_sign_ins
from tests import cast
from tests.counter import app
from tests.litany import signed_in

SIGN_IN = reverse("counter_sign_in:sign_in")
WRONG = "raad maar wat"


def failed() -> JournalEntry:
    return JournalEntry.objects.get(event=Event.SIGN_IN_FAILED)


def an_hour_later() -> JournalEntry:
    """The entry about wrong tries at the sign-in page, written after the hour."""
    assert not JournalEntry.objects.filter(event__in=FAILED_SIGN_INS).exists()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        sum_up_failed_sign_ins()
    return JournalEntry.objects.get(event=Event.SIGN_INS_FAILED)


def assert_summed(
    account: Clerk, form: SecretForm, secret: StaffSecret = StaffSecret.PASSWORD
) -> None:
    entry = an_hour_later()
    assert entry.office == account.office
    assert entry.details["account"] == account.username
    assert entry.details["count"] == 1
    assert entry.details["form"] == form
    assert entry.details["secret"] == secret
    assert WRONG not in str(list(JournalEntry.objects.values()))


def assert_noted(
    account: Clerk, form: SecretForm, secret: StaffSecret = StaffSecret.PASSWORD
) -> JournalEntry:
    """One try is counted and journalled, without what was typed; returns the entry."""
    entry = failed()
    assert entry.office == account.office
    assert entry.details == {
        "account": account.username,
        "form": form,
        "secret": secret,
    }
    assert {row.failures for row in SignInFailure.objects.all()} == {1}
    kept = str(list(JournalEntry.objects.values()))
    assert WRONG not in kept
    return entry


def counted(clerk: Clerk) -> tuple[int, int]:
    """How many the clerk sees of today, and how many of these get journalled later."""
    shown = dashboard.failed_sign_ins(clerk, at=timezone.now())
    assert shown
    return shown.count, shown.to_come


def after_a_pause(clerk: Clerk) -> Client:
    """A browser in which nobody did anything for six minutes."""
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=6)):
        client = signed_in(clerk)
        client.get(reverse("counter_desk:desk"))
    return client


def test_at_the_sign_in_page(client: Client, els: Clerk) -> None:
    client.post(SIGN_IN, {"username": "els", "password": WRONG})
    assert_summed(els, SecretForm.SIGN_IN)


def test_with_an_account_that_was_switched_off(client: Client, els: Clerk) -> None:
    Clerk.objects.filter(pk=els.pk).update(is_active=False)
    client.post(SIGN_IN, {"username": "els", "password": cast.PASSWORD})
    assert_summed(els, SecretForm.SIGN_IN)


def test_at_the_digits(client: Client, els: Clerk, digits_asked: None) -> None:
    app.set_up(els)
    browser = app.after_the_password(els)
    browser.post(app.CODE, {"digits": app.wrong(els)})
    assert_summed(els, SecretForm.SIGN_IN, StaffSecret.DIGITS)


def test_while_setting_up_an_app(
    client: Client, els: Clerk, digits_asked: None
) -> None:
    browser = app.after_the_password(els)
    browser.post(app.APP, {"digits": app.wrong(els)})
    assert_summed(els, SecretForm.SET_UP_APP, StaffSecret.DIGITS)


def test_at_the_locked_screen(els: Clerk, els_client: Client) -> None:
    els_client.post(reverse("counter_sign_in:lock"))
    els_client.post(reverse("counter_sign_in:unlock"), {"password": WRONG})
    assert_noted(els, SecretForm.LOCK)


def test_in_a_form_after_a_pause(els: Clerk, dossier: Dossier) -> None:
    address = reverse("counter_dossiers:cancel_dossier", args=[dossier.pk])
    client = after_a_pause(els)
    client.get(address)
    answer = client.post(address, {"reason": "left", "password": WRONG})
    assert answer.status_code == 422
    assert_noted(els, SecretForm.PRESENCE)


def waive(dossier: Dossier, **changes: str) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "supervisor_name": "sofie",
        "supervisor_password": WRONG,
        "reason": "our_mistake",
    } | changes


def test_where_a_supervisor_agrees(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client
) -> None:
    """The entry also says at whose screen it was."""
    address = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    els_client.post(address, waive(dossier))
    assert assert_noted(sofie, SecretForm.SUPERVISOR).clerk == els


def test_a_name_of_another_office_is_told_to_that_office(
    dossier: Dossier, els_client: Client, other_office: Office
) -> None:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    address = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    els_client.post(address, waive(dossier, supervisor_name="lies"))
    assert_noted(lies, SecretForm.SUPERVISOR)


def test_while_changing_the_own_password(sofie: Clerk, sofie_client: Client) -> None:
    address = reverse("admin:password_change")
    new = "nog een lang wachtwoord"
    data = {"old_password": WRONG, "new_password1": new, "new_password2": new}
    answer = sofie_client.post(address, data)
    assert answer.status_code == 200
    assert_noted(sofie, SecretForm.OWN_PASSWORD)
    for _ in range(10):
        sofie_client.post(address, data)
    data["old_password"] = cast.PASSWORD
    sofie_client.post(address, data)
    sofie.refresh_from_db()
    assert not sofie.check_password(new)


def test_what_is_no_user_name_is_not_kept(
    client: Client, els: Clerk, sofie: Clerk, other_office: Office
) -> None:
    """Such as a password in the wrong field. Supervisors of each office see the try."""
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    client.post(SIGN_IN, {"username": "geheim en lang", "password": WRONG})
    entry = an_hour_later()
    assert (entry.office, entry.clerk) == (None, None)
    assert entry.details["account"] == ""
    assert "geheim" not in str(list(JournalEntry.objects.values()))
    counted = [bytes(row.whose_index) for row in SignInFailure.objects.all()]
    assert counted
    assert not any(b"geheim" in index for index in counted)
    for supervisor in (sofie, lies):
        assert entry in JournalEntry.objects.visible_to(supervisor)
    assert entry not in JournalEntry.objects.visible_to(els)
    with translation.override("nl"):
        assert "onbekende gebruikersnaam" in entry.sentence


def test_an_unknown_name_at_a_clerks_screen_is_her_offices(
    dossier: Dossier, els: Clerk, els_client: Client
) -> None:
    address = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    els_client.post(address, waive(dossier, supervisor_name="geheim en lang"))
    assert failed().office == els.office
    assert "geheim" not in str(failed().details)


def test_a_user_name_is_never_translated(client: Client, office: Office) -> None:
    """It may be the same as a word that the journal translates."""
    cast.make_clerk("mail", office, desk="")
    client.post(SIGN_IN, {"username": "supervisor", "password": WRONG})
    cast.make_clerk("supervisor", office, desk="")
    client.post(SIGN_IN, {"username": "supervisor", "password": WRONG})
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        sum_up_failed_sign_ins()
    entry = JournalEntry.objects.filter(event=Event.SIGN_INS_FAILED).latest("id")
    with translation.override("nl"):
        assert "supervisor" in entry.sentence


def test_who_must_wait_is_not_noted_again(client: Client, els: Clerk) -> None:
    for _ in range(15):
        client.post(SIGN_IN, {"username": "els", "password": WRONG})
    assert an_hour_later().details["count"] == 10


def test_the_right_secret_is_no_failure(
    dossier: Dossier, els: Clerk, sofie: Clerk, els_client: Client, settings: Settings
) -> None:
    els_client.post(reverse("counter_sign_in:lock"))
    els_client.post(reverse("counter_sign_in:unlock"), {"password": cast.PASSWORD})
    address = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    els_client.post(address, waive(dossier, supervisor_password=cast.PASSWORD))
    assert not JournalEntry.objects.filter(event__in=FAILED_SIGN_INS).exists()
    assert not SignInFailure.objects.exists()


@pytest.mark.parametrize("page", ["counter_desk:desk", "admin:index"])
def test_the_supervisor_sees_how_many_there_were_today(
    client: Client, els: Clerk, gust: Clerk, sofie: Clerk, page: str
) -> None:
    """At once; when the hour is over, the journal has them as well."""
    noon = timezone.localtime().replace(hour=12, minute=10)
    with time_machine.travel(noon, tick=False) as clock:
        for name in ("els", "els", "gust", "niemand"):
            client.post(SIGN_IN, {"username": name, "password": WRONG})
        els_screen = signed_in(els)
        els_screen.post(reverse("counter_sign_in:lock"))
        els_screen.post(reverse("counter_sign_in:unlock"), {"password": WRONG})
        # Signed in at this noon: a session of the real time may have ended by then.
        sofie_client = signed_in(sofie)
        shown = sofie_client.get(reverse(page)).context["failed_sign_ins"]
        assert (shown.count, shown.to_come) == (4, 3)  # not the other office's
        clock.shift(datetime.timedelta(minutes=55))
        sum_up_failed_sign_ins()
        sofie_client = signed_in(sofie)
        shown = sofie_client.get(reverse(page)).context["failed_sign_ins"]
        listed = sofie_client.get(shown.address)
    assert listed.status_code == 200
    entries = listed.context["cl"].result_list
    counts = sorted(entry.details.get("count", 1) for entry in entries)
    assert counts == [1, 1, 2]


def test_those_of_yesterday_are_not_counted_today(client: Client, sofie: Clerk) -> None:
    """Its last hour gets into the journal two minutes after midnight."""
    yesterday = timezone.localtime() - datetime.timedelta(days=1)
    late = yesterday.replace(hour=23, minute=30)
    with time_machine.travel(late, tick=False) as clock:
        for name in ("els", "niemand"):
            client.post(SIGN_IN, {"username": name, "password": WRONG})
        clock.shift(datetime.timedelta(minutes=31))
        client.post(SIGN_IN, {"username": "niemand", "password": WRONG})
        assert counted(sofie) == (1, 1)
        sum_up_failed_sign_ins()
        assert counted(sofie) == (1, 1)
        clock.shift(datetime.timedelta(hours=1))
        sum_up_failed_sign_ins()
        assert counted(sofie) == (1, 0)


def test_a_forged_count_breaks_no_page(sofie: Clerk, sofie_client: Client) -> None:
    """Somebody inserted it in the database."""
    hour = hour_of_failures(timezone.now())
    counts: list[Any] = ["abc", None, [], -1, 10**12]
    for count in counts:
        JournalEntry.objects.create(
            event=Event.SIGN_INS_FAILED,
            details={"hour": hour, "count": count},
            actor_kind="system",
            office=sofie.office,
        )
    assert sofie_client.get(reverse("counter_desk:desk")).status_code == 200


def test_a_clerk_is_not_shown_them(client: Client, els_client: Client) -> None:
    client.post(SIGN_IN, {"username": "els", "password": WRONG})
    assert (
        els_client.get(reverse("counter_desk:desk")).context["failed_sign_ins"] is None
    )
