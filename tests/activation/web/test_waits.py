"""Each sentence that asks somebody to wait says what to press, and when."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from activation.enums import KeyKind
from activation.models import DigitalKey, KeyHolder, SignInCount
from counter.models import Clerk, Dossier, Office
from counter.sign_in import hashing_places
from counter.web.waiting import then_press
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import (
    USER_NAME,
    digits_of,
    make_holder,
    make_key,
    path,
    show_password,
    sign_in,
)
from tests.activation.public.contact_form import URL, message

TEN = datetime(2027, 3, 9, 10, 0, tzinfo=timezone.get_default_timezone())

SAID = {
    "nl": (
        "Wacht 27 seconden en druk dan op “Ga verder”.",
        "Wacht 4 minuten en druk dan op “Ga verder”.",
        "Je kan vanaf 10.47 op “Ga verder” drukken.",
        "Je kan morgen vanaf 9.00 op “Ga verder” drukken.",
    ),
    "fr": (
        "Attendez 27 secondes, puis appuyez sur « Ga verder ».",
        "Attendez 4 minutes, puis appuyez sur « Ga verder ».",
        "Vous pouvez appuyer sur « Ga verder » à partir de 10h47.",
        "Vous pouvez appuyer sur « Ga verder » demain à partir de 9h00.",
    ),
    "de": (
        "Warten Sie 27 Sekunden und drücken Sie dann auf „Ga verder“.",
        "Warten Sie 4 Minuten und drücken Sie dann auf „Ga verder“.",
        "Ab 10:47 Uhr können Sie auf „Ga verder“ drücken.",
        "Morgen ab 9:00 Uhr können Sie auf „Ga verder“ drücken.",
    ),
    "en": (
        "Wait 27 seconds and then press “Ga verder”.",
        "Wait 4 minutes and then press “Ga verder”.",
        "You can press “Ga verder” from 10.47 on.",
        "You can press “Ga verder” tomorrow from 9.00 on.",
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_seconds_minutes_and_the_time_of_day(language: str) -> None:
    waits = (
        timedelta(seconds=27),
        timedelta(minutes=3, seconds=20),
        timedelta(minutes=46, seconds=30),
        timedelta(hours=23),
    )
    with translation.override(language):
        sentences = [
            then_press("Ga verder", free_at=TEN + wait, at=TEN) for wait in waits
        ]
    read = [text_of(each.encode()).replace(" ,", ",").strip() for each in sentences]
    assert tuple(each.replace("\u00a0", " ") for each in read) == SAID[language]


#: A day's wait from 23:59:30 on ends at midnight, at the end of tomorrow.
LATE = {
    "nl": "Je kan vanaf 11 maart 2027 om 0.00 op “Ga verder” drukken.",
    "fr": "Vous pouvez appuyer sur « Ga verder » à partir du 11 mars 2027 à 0h00.",
    "de": "Ab dem 11. März 2027, 0:00 Uhr, können Sie auf „Ga verder“ drücken.",
    "en": "You can press “Ga verder” from 11 March 2027 on, at 0.00.",
}


@pytest.mark.parametrize("language", LATE)
def test_a_wait_past_tomorrow_names_its_day(language: str) -> None:
    at = TEN.replace(hour=23, minute=59, second=30)
    with translation.override(language):
        sentence = then_press("Ga verder", free_at=at + timedelta(days=1), at=at)
    assert sentence.replace("\u00a0", " ") == LATE[language]


def test_a_screen_reader_is_not_told_each_second() -> None:
    """A timer is not read aloud; the status that is read at the end is still empty."""
    with translation.override("en"):
        sentence = then_press("<Go on>", free_at=TEN + timedelta(seconds=9), at=TEN)
    assert '<span role="timer">9 seconds</span>' in sentence
    assert '<span role="status"></span>' in sentence
    assert 'data-over="You can press “&lt;Go on&gt;” now."' in sentence
    assert "<Go on>" not in sentence


# Where somebody waits


@pytest.fixture
def holder(dossier: Dossier, els: Clerk) -> KeyHolder:
    return make_holder(dossier, els)


@pytest.fixture
def app(holder: KeyHolder) -> DigitalKey:
    return make_key(holder, KeyKind.APP)


def wait_a_minute() -> None:
    """Make the account wait for 60 seconds, as after more than ten wrong tries."""
    later = timezone.now() + timedelta(seconds=60)
    SignInCount.objects.update(failures=12, free_from=later)


def test_at_the_password(client: Client, app: DigitalKey) -> None:
    form = {"user_name": USER_NAME, "password": "wrong, and long enough"}
    client.post(path("sign_in"), form)
    wait_a_minute()
    text = text_of(client.post(path("sign_in"), form).content)
    assert "seconds and then press “Go on”" in text
    assert "Or press “Forgotten?”: with the link in the e-mail" in text


def test_at_the_key(client: Client, app: DigitalKey) -> None:
    show_password(client)
    form = {"key": app.pk, "digits": "000000"}
    client.post(path("show_key"), form)
    wait_a_minute()
    text = text_of(client.post(path("show_key"), form).content)
    assert "seconds and then press “Sign in”" in text


def test_at_the_present_password(client: Client, app: DigitalKey) -> None:
    sign_in(client, app)
    new = "a new one that is long"
    form = {"present": "not it", "password": new, "password_again": new}
    client.post(path("change_password"), form)
    wait_a_minute()
    text = text_of(client.post(path("change_password"), form).content)
    assert "seconds and then press “Save”" in text


def test_at_a_new_address_and_a_new_number(client: Client, app: DigitalKey) -> None:
    sign_in(client, app)
    with time_machine.travel(timezone.now(), tick=False):
        form = {"email": "p.janssens@example.org"}
        client.post(path("change_email"), form)
        text = text_of(client.post(path("change_email"), form).content)
        assert "Wait 30 seconds and then press “Go on”" in text
        for last in range(5):
            form = {"mobile": f"0470 12 34 5{last}"}
            page = client.post(path("add_destination", KeyKind.SMS), form)
    text = text_of(page.content)
    assert "You asked for a code very often." in text
    assert "You can press “Go on” tomorrow from" in text


def test_at_the_new_number_of_a_key(client: Client, holder: KeyHolder) -> None:
    sms = make_key(holder, KeyKind.SMS)
    sign_in(client, sms)
    with time_machine.travel(timezone.now(), tick=False):
        for last in range(6):
            form = {"mobile": f"0470 12 34 5{last}"}
            page = client.post(path("replace_key", sms.pk), form)
    text = text_of(page.content)
    assert "You asked for a code very often." in text
    assert "You can press “Go on” tomorrow from" in text


def test_at_a_key_whose_digits_were_tried_too_often(
    client: Client, holder: KeyHolder
) -> None:
    """The page then has no field for digits: new ones have to be sent first."""
    sms = make_key(holder, KeyKind.SMS)
    show_password(client)
    form = {"key": sms.pk, "digits": other_digits(digits_of(sms))}
    for _turn in range(5):
        client.post(path("show_key"), form)
    wait_a_minute()
    page = client.post(path("show_key"), form).content
    assert b">Sign in</button>" not in page
    assert "seconds and then press “Send me a code”" in text_of(page)


def test_where_digits_are_sent_to_a_key(client: Client, holder: KeyHolder) -> None:
    sms = make_key(holder, KeyKind.SMS)
    with time_machine.travel(timezone.now(), tick=False):
        show_password(client)
        text = text_of(client.get(path("show_key")).content)
    assert "Wait 30 seconds and then press “Send a new code”" in text
    assert "You can ask for 4 more codes within this hour." in text
    assert digits_of(sms)


def test_where_very_many_sign_in(
    client: Client, app: DigitalKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, app)
    monkeypatch.setattr(hashing_places.HOLDERS, "free", 0)
    form = {"user_name": USER_NAME, "password": "x"}
    page = Client().post(path("sign_in"), form)
    codes = client.post(path("codes"), follow=True)
    assert page.status_code == 503
    text = text_of(page.content)
    assert "Very many people sign in just now. Wait 5 seconds and then press" in text
    assert "Wait 5 seconds and then press “Make ten codes”" in text_of(codes.content)


def test_at_a_message_to_the_office(client: Client, office: Office) -> None:
    with time_machine.travel(TEN.replace(minute=5), tick=False):
        for _turn in range(21):
            page = client.post(URL, message())
    text = text_of(page.content)
    assert "from your network in the last hour." in text
    assert "You can press “Send” from 11.00 on. Or call us." in text
