"""A holder sees, renames and revokes keys of their own."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activation.enums import Change, KeyKind, KeyState
from activation.holder.own_keys import revoke_key
from activation.models import DigitalKey, HolderChange, KeyHolder, OneTimeCode
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from tests import cast
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import (
    digits_of,
    fresh,
    make_holder,
    make_key,
    path,
    sign_in,
)

OVERVIEW = path("overview")


def test_own_keys_with_since_until_and_last_used(
    signed_in: Client, holder: KeyHolder
) -> None:
    make_key(holder, KeyKind.SMS)
    answer = signed_in.get(OVERVIEW).content
    # The spaces do not break, so on a small screen a number stays on one line.
    assert "+32 4•• •• •• 56".replace(" ", "\u00a0") in answer.decode()
    page = text_of(answer)
    for words in ("Mobile app", "Text message", "+32 4•• •• •• 56", "Since", "Until"):
        assert words in page
    assert "not here yet" in page
    assert "peter.janssens" in page
    assert "470 12 34 56" not in page


def test_one_key_is_advised_a_second(signed_in: Client, holder: KeyHolder) -> None:
    assert "Add a second key" in text_of(signed_in.get(OVERVIEW).content)
    make_key(holder, KeyKind.SMS)
    assert "Add a second key" not in text_of(signed_in.get(OVERVIEW).content)


def test_rename(signed_in: Client, app: DigitalKey) -> None:
    page = path("rename_key", app.pk)
    assert signed_in.get(page).status_code == 200
    assert signed_in.post(page, {"name": "x" * 41}).status_code == 422
    assert signed_in.post(page, {"name": "My <b>phone"})["Location"] == OVERVIEW
    assert "My &lt;b&gt;phone" in signed_in.get(OVERVIEW).content.decode()
    signed_in.post(page, {"name": "My <b>phone"})
    change = HolderChange.objects.get(act=Change.KEY_RENAMED)
    assert change.kind == KeyKind.APP


def test_nobody_else_s_key(signed_in: Client, els: Clerk) -> None:
    hers = key_of_somebody_else(els)
    for name in ("rename_key", "revoke_key"):
        for pk in (hers.pk, uuid.uuid4()):
            assert signed_in.get(path(name, pk)).status_code == 404
            assert signed_in.post(path(name, pk), {"name": "x"}).status_code == 404


def key_of_somebody_else(clerk: Clerk) -> DigitalKey:
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    dossier = cast.make_dossier(anna, clerk, email="anna@example.org")
    return make_key(make_holder(dossier, clerk, user_name="anna"), KeyKind.APP)


def test_revoke_with_the_app(
    signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    sms = make_key(holder, KeyKind.SMS)
    page = path("revoke_key", sms.pk)
    assert "This is your last key" not in text_of(signed_in.get(page).content)
    wrong = {"key": app.pk, "digits": other_digits(fresh(app))}
    assert signed_in.post(page, wrong).status_code == 422
    other = Client()
    sign_in(other, app)
    response = signed_in.get(OVERVIEW)
    assert response.status_code == 200
    response = signed_in.post(page, {"key": app.pk, "digits": fresh(app)})
    assert response["Location"] == OVERVIEW
    sms.refresh_from_db()
    assert sms.state == KeyState.REVOKED
    assert sms.revoked_at
    assert signed_in.get(OVERVIEW).status_code == 200
    assert other.get(OVERVIEW).status_code == 303
    change = HolderChange.objects.get(act=Change.KEY_REVOKED)
    assert change.kind == KeyKind.SMS
    sentence = JournalEntry.objects.get(event=Event.KEY_REVOKED).sentence
    assert sentence.startswith("The key holder revoked a key: ")
    assert signed_in.get(page)["Location"] == path("overview")


def test_revoke_with_a_message(
    signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    sms = make_key(holder, KeyKind.SMS)
    page = path("revoke_key", app.pk)
    signed_in.get(page)
    assert not OneTimeCode.objects.exists()
    response = signed_in.post(path("revoke_send", app.pk), {"key": sms.pk})
    assert response["Location"] == page
    assert "We sent a text message" in text_of(signed_in.get(page).content)
    response = signed_in.post(page, {"key": sms.pk, "digits": digits_of(sms)})
    assert response["Location"] == OVERVIEW
    app.refresh_from_db()
    assert app.state == KeyState.REVOKED


def test_the_last_key_has_a_warning(signed_in: Client, app: DigitalKey) -> None:
    page = path("revoke_key", app.pk)
    assert "This is your last key" in text_of(signed_in.get(page).content)
    signed_in.post(page, {"key": app.pk, "digits": fresh(app)})
    assert DigitalKey.objects.get().state == KeyState.REVOKED


def test_after_a_move_to_another_phone_the_new_app_is_asked_for(
    signed_in: Client, holder: KeyHolder, app: DigitalKey
) -> None:
    new = make_key(holder, KeyKind.APP)
    page = signed_in.get(path("revoke_key", app.pk)).content.decode()
    assert page.index(f'value="{new.pk}"') < page.index(f'value="{app.pk}"')
    assert text_of(page.encode()).count("Mobile app · Since") == 3


def test_without_a_key_left_one_is_added_now_or_at_the_counter(
    signed_in: Client, app: DigitalKey
) -> None:
    form = {"key": app.pk, "digits": fresh(app)}
    page = signed_in.post(path("revoke_key", app.pk), form, follow=True)
    text, html = text_of(page.content), page.content.decode()
    assert "Without a key you cannot sign in again" in text
    assert "A new phone" not in text
    assert html.index(path("add_key")) < html.index(path("no_key"))
    assert html.count("btn-primary") == 1
    signed_in.post(path("add_key"), {"kind": "app"})
    new = DigitalKey.objects.get(state=KeyState.PENDING)
    form = {"key": new.pk, "digits": digits_of(new)}
    page = signed_in.post(path("confirm_new_key"), form, follow=True)
    assert "Your new key is active" in text_of(page.content)


def test_who_has_no_key_left_reads_until_when_one_can_be_added(
    client: Client, app: DigitalKey
) -> None:
    """Five minutes after a key was last shown; the page has that time in Brussels."""
    now = datetime.fromisoformat("2026-03-20T18:21:40+01:00")
    with time_machine.travel(now, tick=False):
        sign_in(client, app)
        form = {"key": app.pk, "digits": fresh(app)}
        client.post(path("revoke_key", app.pk), form)
        text = text_of(client.get(OVERVIEW).content)
    assert "Add a new key now. You can do that here until 18.26." in text


def test_too_late_it_is_the_counter(signed_in: Client, app: DigitalKey) -> None:
    """After five minutes whoever finds the session open cannot add a key in it."""
    form = {"key": app.pk, "digits": fresh(app)}
    signed_in.post(path("revoke_key", app.pk), form)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        page = signed_in.get(OVERVIEW).content
        assert "You did not add a new key in time" in text_of(page)
        assert path("add_key") not in page.decode()
        answer = signed_in.post(path("add_key"), {"kind": "app"})
        assert answer["Location"] == path("no_key")


def test_revoked_at_the_counter_at_the_same_moment_nobody_stays_signed_in(
    signed_in: Client, app: DigitalKey, els: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counter ends every session, and the holder's own act keeps none of them."""

    def too_late(*, key: DigitalKey, at: datetime) -> None:
        revoke_key(key=key, at=at, clerk=els, document_seen=True)
        revoke_key(key=key, at=at)

    monkeypatch.setattr("activation.holder.own_keys.revoke_key", too_late)
    form = {"key": app.pk, "digits": fresh(app)}
    answer = signed_in.post(path("revoke_key", app.pk), form)
    assert answer["Location"] == OVERVIEW
    assert signed_in.get(OVERVIEW)["Location"] == path("sign_in")
