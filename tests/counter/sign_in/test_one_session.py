"""An account has one session: signing in somewhere else ends the one before."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from counter.models import Clerk, Dossier, Draft, SignInRecord
from counter.sign_in import screen_lock, single_session
from tests.cast import PASSWORD
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.races import at_once

URL = reverse("counter_sign_in:sign_in")
DESK = reverse("counter_desk:desk")
ELSEWHERE = b"You signed in somewhere else"


def sign_in(name: str = "els") -> Client:
    client = Client()
    answer = client.post(URL, {"username": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def test_the_other_browser_is_signed_out_and_told_why(els: Clerk, bart: Clerk) -> None:
    first, colleague = sign_in(), sign_in("bart")
    assert first.get(DESK).status_code == 200
    second = sign_in()
    answer = first.get(DESK, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"{URL}?next={DESK}",
    )
    assert "_auth_user_id" not in first.session
    first.cookies["django_language"] = "en"
    assert ELSEWHERE in first.get(URL).content
    assert second.get(DESK).status_code == 200
    assert colleague.get(DESK).status_code == 200


def test_a_wrong_password_ends_nothing(els: Clerk) -> None:
    first = sign_in()
    Client().post(URL, {"username": "els", "password": "raad maar"})
    assert first.get(DESK).status_code == 200


def test_what_was_typed_in_the_other_browser_is_kept(els: Clerk) -> None:
    first = sign_in()
    sign_in()
    typed = {"submission": str(uuid.uuid4()), "last_name": "Peeters"}
    answer = first.post(reverse("counter_dossiers:record_applicant"), typed)
    page = reverse("counter_dossiers:resume_draft", args=[Draft.objects.get().pk])
    assert answer.headers["Location"] == f"{URL}?next={page}"


def test_a_page_that_asks_by_itself_is_led_away_whole(
    els: Clerk, dossier: Dossier
) -> None:
    first = sign_in()
    sign_in()
    mail = reverse("notifications_desk:mail_state", args=[dossier.pk])
    answer = first.get(mail, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(URL)


def test_a_locked_screen_is_no_refuge(els: Clerk) -> None:
    first = sign_in()
    first.post(reverse("counter_sign_in:lock"))
    sign_in()
    unlock = reverse("counter_sign_in:unlock")
    first.post(unlock, {"password": PASSWORD})
    assert first.get(DESK).status_code == 302


def test_the_admin_follows(sofie: Clerk) -> None:
    first = sign_in("sofie")
    index = reverse("admin:index")
    assert first.get(index).status_code == 200
    sign_in("sofie")
    assert first.get(index).headers["Location"] == f"{URL}?next={index}"


def test_an_account_saved_meanwhile_does_not_count_back(
    els: Clerk, sofie_client: Client
) -> None:
    """The supervisor's form was read before the sign-in and is written after it."""
    stale = Clerk.objects.get(pk=els.pk)
    first = sign_in()
    stale.last_name = "Claes"
    stale.save()
    els.refresh_from_db()
    assert (els.last_name, els.sign_in.session_epoch) == ("Claes", 1)
    page = reverse("admin:counter_clerk_change", args=[els.pk])
    form = clerk_form(els.office, username="els", first_name="Elsje")  # type: ignore[arg-type]
    assert sofie_client.post(page, form).status_code == 302
    assert Clerk.objects.get(pk=els.pk).first_name == "Elsje"
    assert first.get(DESK).status_code == 200


def test_saving_an_account_writes_all_of_it(els: Clerk) -> None:
    """And nothing that signing in and the desk write: that is in a row of its own."""
    with CaptureQueriesContext(connection) as queries:
        Clerk.objects.get(pk=els.pk).save()
    (written,) = (
        query["sql"] for query in queries if query["sql"].startswith("UPDATE")
    )
    columns = {field.column for field in Clerk._meta.concrete_fields} - {"id"}
    assert set(re.findall(r'"(\w+)" = ', written.partition("WHERE")[0])) == columns
    assert not columns & {field.column for field in SignInRecord._meta.concrete_fields}


def test_a_new_account_has_its_sign_in_record(els: Clerk, sofie_client: Client) -> None:
    form = clerk_form(els.office, username="nora", email="nora@example.net")  # type: ignore[arg-type]
    sofie_client.post(reverse("admin:counter_clerk_add"), form)
    made = SignInRecord.objects.get(clerk__username="nora")
    assert (made.session_epoch, made.screen_locked_at, made.desk) == (0, None, None)
    page = reverse("admin:counter_clerk_change", args=[made.pk])
    assert sofie_client.get(page).status_code == 200


def test_signing_in_takes_the_account_before_its_sign_in_record(els: Clerk) -> None:
    """Choosing a password has the same order; otherwise the two could wait for ever."""
    with CaptureQueriesContext(connection) as queries:
        sign_in()
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    tables = [sql.split('"')[1] for sql in updates]
    assert tables.index("counter_clerk") < tables.index("counter_signinrecord")


@pytest.mark.django_db(transaction=True)
def test_of_sign_ins_at_the_same_instant_one_session_is_left(els: Clerk) -> None:
    def come() -> Any:  # noqa: ANN401
        return sign_in()

    clients = at_once([come] * 6)
    left = [client for client in clients if client.get(DESK).status_code == 200]
    print(f"{len(left)} of 6 sessions left (bound: 1)")
    assert len(left) == 1
    assert SignInRecord.objects.get(clerk=els).session_epoch == 6


def test_a_session_of_before_there_were_digits_goes_on_nowhere(
    els: Clerk, settings: Settings
) -> None:
    client = Client()
    client.force_login(els)
    assert client.get(DESK).status_code == 200
    settings.STAFF_SECOND_FACTOR = True
    assert client.get(DESK).status_code == 302


def test_a_form_that_comes_an_hour_too_late_still_belongs_to_somebody(
    settings: Settings,
) -> None:
    """So what was typed is kept: the cookie lasts longer than any session."""
    longest = max(single_session.STAFF_HOURS, screen_lock.ADMIN_HOURS)
    assert (longest + 1) * 60 * 60 == settings.SESSION_COOKIE_AGE
