"""Two apps, told apart wherever one of them has to be chosen."""

from datetime import datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.holder import account, own_keys
from activation.models import DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests.activation import helpers
from tests.activation.helpers import choose_key, text_of, type_code
from tests.activation.holder.helpers import (
    digits_of,
    make_holder,
    make_key,
    path,
    show_password,
)
from tests.cast import make_code, make_dossier

NINE = datetime(2026, 3, 20, 9, 0, tzinfo=ZoneInfo("Europe/Brussels"))
OVERVIEW = path("overview")


def add_an_app(client: Client) -> DigitalKey:
    client.post(path("add_key"), {"kind": "app"})
    key = DigitalKey.objects.get(state=KeyState.PENDING)
    client.post(path("confirm_new_key"), {"key": key.pk, "digits": digits_of(key)})
    key.refresh_from_db()
    assert key.state == KeyState.ACTIVE
    return key


def test_a_second_app_has_a_name_of_its_own(signed_in: Client, app: DigitalKey) -> None:
    """The app on the phone shows the name too, because it has both in one list."""
    assert app.name == ""
    signed_in.post(path("add_key"), {"kind": "app"})
    page = unquote(signed_in.get(path("confirm_new_key")).content.decode())
    assert "peter.janssens (App 2)?secret=" in page
    second = add_an_app(signed_in)
    assert second.name == "App 2"
    assert "App 2" in text_of(signed_in.get(OVERVIEW).content)
    assert add_an_app(signed_in).name == "App 3"


def test_no_two_apps_get_one_name(app: DigitalKey) -> None:
    """Also when one was begun before the other, and never confirmed."""
    holder, now = app.holder, timezone.now()
    begun, second = (
        own_keys.set_up_key(holder=holder, kind=KeyKind.APP, at=now) for _ in range(2)
    )
    own_keys.add_key(holder=holder, key_id=second.pk, typed=digits_of(second), at=now)
    account.sign_out_everywhere(holder=holder)  # deletes what was not confirmed
    assert not DigitalKey.objects.filter(pk=begun.pk).exists()
    third = own_keys.set_up_key(holder=holder, kind=KeyKind.APP, at=now)
    assert (begun.name, second.name, third.name) == ("App 2", "App 3", "App 4")


def test_the_first_app_has_the_user_name_alone(
    signed_in: Client, holder: KeyHolder
) -> None:
    DigitalKey.objects.update(kind=KeyKind.SMS)
    signed_in.post(path("add_key"), {"kind": "app"})
    page = unquote(signed_in.get(path("confirm_new_key")).content.decode())
    assert "peter.janssens?secret=" in page


def test_one_that_replaces_the_other_is_told_from_it(
    signed_in: Client, app: DigitalKey
) -> None:
    signed_in.post(path("replace_key", app.pk))
    assert DigitalKey.objects.get(state=KeyState.PENDING).name == "App 2"


def test_a_replaced_key_leaves_its_name(signed_in: Client, app: DigitalKey) -> None:
    """The new key has the name that the holder gave, also when it changes meanwhile."""
    rename = path("rename_key", app.pk)
    done = signed_in.post(rename, {"name": "My phone"}, follow=True)
    assert "The name is saved." in text_of(done.content)
    signed_in.post(path("replace_key", app.pk))
    page = unquote(signed_in.get(path("confirm_new_key")).content.decode())
    assert "peter.janssens (My phone)?secret=" in page
    signed_in.post(rename, {"name": "My old phone"})
    new = DigitalKey.objects.get(state=KeyState.PENDING)
    signed_in.post(path("confirm_new_key"), {"key": new.pk, "digits": digits_of(new)})
    new.refresh_from_db()
    assert (new.state, new.name) == (KeyState.ACTIVE, "My old phone")


def test_a_number_that_replaces_another_has_its_name_too(
    signed_in: Client, holder: KeyHolder
) -> None:
    sms = make_key(holder, KeyKind.SMS)
    DigitalKey.objects.filter(pk=sms.pk).update(name="The old Nokia")
    signed_in.post(path("replace_key", sms.pk), {"mobile": "0470 65 43 21"})
    new = DigitalKey.objects.get(state=KeyState.PENDING)
    signed_in.post(path("confirm_new_key"), {"key": new.pk, "digits": digits_of(new)})
    new.refresh_from_db()
    assert (new.state, new.name) == (KeyState.ACTIVE, "The old Nokia")


def test_a_name_taken_away_is_told_too(signed_in: Client, app: DigitalKey) -> None:
    done = signed_in.post(path("rename_key", app.pk), {"name": ""}, follow=True)
    assert "This key has no name any more." in text_of(done.content)


def test_one_from_the_counter_too(
    client: Client, holder: KeyHolder, app: DigitalKey, els: Clerk
) -> None:
    type_code(client, *make_code(make_dossier(holder.applicant, els), els))
    if client.get(helpers.path("choose_key")).status_code != 200:
        helpers.choose_account(client)
    assert choose_key(client, "app").name == "App 2"


@pytest.fixture
def two(holder: KeyHolder) -> list[DigitalKey]:
    """Two apps added on the same day, without names, as apps were in the past."""
    later = NINE + timedelta(hours=5)
    return [make_key(holder, KeyKind.APP, at=at) for at in (NINE, later)]


def test_of_one_day_the_time_tells_them_apart(
    client: Client, two: list[DigitalKey]
) -> None:
    with time_machine.travel(NINE + timedelta(hours=6)):
        show_password(client)
        page = text_of(client.get(path("show_key")).content)
        assert "Mobile app · Since 20 March 2026, 9.00" in page
        assert "Mobile app · Since 20 March 2026, 14.00" in page
        newest = {"key": two[1].pk, "digits": digits_of(two[1])}
        assert client.post(path("show_key"), newest)["Location"] == OVERVIEW
        page = text_of(client.get(OVERVIEW).content)
    assert "20 March 2026, 9.00" in page
    assert "20 March 2026, 14.00" in page


def test_other_days_need_no_time(client: Client, holder: KeyHolder) -> None:
    for days in (0, 1):
        make_key(holder, KeyKind.APP, at=NINE + timedelta(days=days))
    make_key(holder, KeyKind.SMS, at=NINE)
    with time_machine.travel(NINE + timedelta(days=2)):
        show_password(client)
        page = text_of(client.get(path("show_key")).content)
    assert "Mobile app · Since 20 March 2026 " in page
    assert "Text message: +32 4•• •• •• 56 · Since 20 March 2026 " in page


def test_the_clerk_reads_the_name_out(
    els_client: Client, dossier: Dossier, els: Clerk
) -> None:
    holder = make_holder(dossier, els)
    make_key(holder, KeyKind.APP)
    sms = make_key(holder, KeyKind.SMS)
    DigitalKey.objects.filter(pk=sms.pk).update(name="old phone")
    page = reverse("activation_desk:revoke_lost_key", args=[dossier.pk])
    shown = text_of(els_client.get(page).content)
    assert "old phone (Text message +32 4•• •• •• 56), since" in shown
    assert "Mobile app, since" in shown
