"""A new code for somebody who has an account: the user name and other keys stay."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from activation.enums import Change, CodeState, KeyKind, KeyState, Purpose
from activation.holder.exceptions import (
    SignInDisabledError,
    TooManyKeysError,
    WrongSignInError,
)
from activation.holder.own_keys import most_keys
from activation.holder.signing_in import Device, check_password
from activation.journey.accounts import renew_password
from activation.letters.masking import mask_name
from activation.models import DigitalKey, HolderChange, KeyHolder, SignInCount
from activation.one_time.digits import one_time_text
from activation.querysets import SIGN_INS_UNTIL_DISABLED
from counter.models import Clerk, Dossier, Office
from tests import cast
from tests.activation import helpers
from tests.activation.helpers import choose_account, choose_key, text_of, type_code
from tests.activation.holder.helpers import (
    fresh,
    make_key,
    path,
    show_password,
    sign_in,
)


@pytest.fixture
def again(holder: KeyHolder, app: DigitalKey, els: Clerk) -> Dossier:
    """Peter came back, with another address."""
    return cast.make_dossier(holder.applicant, els, email="peter@example.net")


def activate(client: Client, kind: str) -> DigitalKey:
    key = choose_key(client, kind)
    form = {"key": key.pk, "digits": helpers.digits_of(key)}
    response = client.post(helpers.path("confirm_key"), form)
    assert helpers.leads_to(response) == helpers.path("done"), response.content.decode()
    return key


def test_the_key_is_added_to_the_account(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    before = holder.password
    type_code(client, *cast.make_code(again, els))
    new = activate(client, "sms")
    # Somebody else may have typed the code, so the name is masked.
    done = text_of(client.get(helpers.path("done")).content)
    assert mask_name("peter.janssens") in done
    assert "peter.janssens" not in done
    holder.refresh_from_db()
    assert (holder.user_name, holder.password) == ("peter.janssens", before)
    active = DigitalKey.objects.filter(holder=holder, state=KeyState.ACTIVE)
    assert set(active) == {app, new}
    assert holder.email == "peter@example.net"
    change = HolderChange.objects.get(act=Change.OLD_EMAIL)
    assert change.old_email == "peter@example.org"
    browser = Client()
    sign_in(browser, app)
    page = text_of(browser.get(path("overview")).content)
    assert page.count("Since") == 2


def test_the_account_is_named_and_its_password_can_be_chosen_anew(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    signed_in = Client()
    sign_in(signed_in, app)
    before = holder.password
    type_code(client, *cast.make_code(again, els))
    page = text_of(client.get(helpers.path("choose_account")).content)
    assert "Your user name is peter.janssens" in page
    assert "Step 2 of 4" in page
    renew = helpers.path("renew_password")
    assert client.get(renew).status_code == 200
    for refused in ("kort", "peter.janssens!"):
        form = {"password": refused, "password_again": refused}
        assert client.post(renew, form).status_code == 422
    new = "zeven losse blauwe vissen"
    form = {"password": new, "password_again": new}
    assert helpers.leads_to(client.post(renew, form)) == helpers.path("choose_key")
    holder.refresh_from_db()
    assert holder.password != before
    assert holder.check_password(new)
    assert signed_in.get(path("overview")).status_code == 303
    assert HolderChange.objects.filter(act=Change.PASSWORD).exists()
    activate(client, "sms")
    assert KeyHolder.objects.get().user_name == "peter.janssens"


def test_a_name_that_others_tried_a_hundred_times_opens_again_at_the_counter(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    locked_out(holder.user_name)
    type_code(client, *cast.make_code(again, els))
    activate(client, "sms")
    show_password(Client())


def test_a_name_tried_before_it_was_somebodys_is_free_of_that(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    locked_out("peter.janssens")
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client, "peter.janssens")
    activate(client, "app")
    show_password(Client())


def locked_out(user_name: str) -> None:
    """Count a hundred failed sign-ins with this name, as if a stranger had tried."""
    with pytest.raises(WrongSignInError):
        check_password(
            user_name=user_name,
            password="not this one",
            device=Device("", "", is_new=False),
            at=timezone.now(),
        )
    SignInCount.objects.update(failures=SIGN_INS_UNTIL_DISABLED)
    with pytest.raises(SignInDisabledError):
        check_password(
            user_name=user_name,
            password="not this one",
            device=Device("", "", is_new=False),
            at=timezone.now(),
        )


def test_the_same_number_again_is_no_key(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    make_key(holder, KeyKind.SMS)
    type_code(client, *cast.make_code(again, els))
    response = client.post(helpers.path("enter_number"), {"mobile": helpers.MOBILE})
    assert response.status_code == 422
    assert "You have this key already" in text_of(response.content)


@pytest.mark.parametrize("kind", ["app", "sms"])
def test_a_kind_switched_off_meanwhile_is_not_activated(
    client: Client, again: Dossier, els: Clerk, app: DigitalKey, kind: str
) -> None:
    code, typed = cast.make_code(again, els)
    type_code(client, code, typed)
    key = choose_key(client, kind)
    Office.objects.update(**{f"{kind}_keys": False})
    form = {"key": key.pk, "digits": helpers.digits_of(key)}
    response = client.post(helpers.path("confirm_key"), form, follow=True)
    assert "does not offer this key" in text_of(response.content)
    code.refresh_from_db()
    assert code.state == CodeState.LIVE


def test_without_a_key_left_a_password_is_chosen_anew(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    browser = Client()
    sign_in(browser, app)
    browser.post(
        path("sign_in"), {"user_name": "peter.janssens", "password": "forgotten it"}
    )
    DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=timezone.now())
    type_code(client, *cast.make_code(again, els))
    page = client.get(helpers.path("choose_account")).content.decode()
    assert 'value="peter.janssens"' in page
    choose_account(client)
    activate(client, "app")
    assert not SignInCount.objects.exists()
    assert browser.get(path("overview")).status_code == 303
    assert KeyHolder.objects.count() == 1
    assert DigitalKey.objects.filter(kind=KeyKind.APP).count() == 2
    show_password(Client())


@pytest.fixture
def full(holder: KeyHolder, app: DigitalKey) -> DigitalKey:
    """Peter has three keys; returns the one by text message."""
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    return make_key(holder, KeyKind.SMS)


def test_what_began_with_the_old_mailbox_ends_with_the_new_address(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    """The key in the old mailbox would then be a second proof beside that mailbox."""
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    stranger, elsewhere = Client(), Client()
    stranger.post(path("forgotten"), {"name": "peter.janssens"})
    sent = holder.one_time_codes.get(purpose=Purpose.RECOVER)
    stranger.post(path("recovery_code"), {"digits": one_time_text(sent)})
    assert stranger.get(path("recovery_key")).status_code == 200
    sign_in(elsewhere, app)
    type_code(client, *cast.make_code(again, els))
    activate(client, "sms")
    holder.refresh_from_db()
    assert holder.email == "peter@example.net"
    assert stranger.get(path("recovery_key"))["Location"] == path("forgotten")
    assert elsewhere.get(path("overview")).status_code == 303


def test_who_lost_the_last_key_meanwhile_chooses_an_account(
    client: Client,
    again: Dossier,
    els: Clerk,
    app: DigitalKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_code(client, *cast.make_code(again, els))
    password = {"password": helpers.GOOD_PASSWORD + " x"}
    password["password_again"] = password["password"]

    def revoke_first(**options: object) -> object:
        DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=timezone.now())
        return renew_password(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(
        "activation.journey.views.account.accounts.renew_password", revoke_first
    )
    response = client.post(helpers.path("renew_password"), password)
    assert helpers.leads_to(response) == helpers.path("choose_account")


def test_with_three_keys_one_has_to_go_first(
    client: Client, again: Dossier, els: Clerk, full: DigitalKey, app: DigitalKey
) -> None:
    code, typed = cast.make_code(again, els)
    type_code(client, code, typed)
    for page in ("choose_key", "enter_number"):
        response = client.get(helpers.path(page))
        assert response.status_code == 409
        assert "You have three keys already" in text_of(response.content)
    code.refresh_from_db()
    assert code.state == CodeState.LIVE

    sign_in(client, app)
    fresh_digits = {"key": app.pk, "digits": fresh(app)}
    client.post(path("revoke_key", full.pk), fresh_digits)
    activate(client, "sms")
    assert DigitalKey.objects.filter(state=KeyState.ACTIVE).count() == 3


def test_a_third_key_made_meanwhile_leaves_the_code_good(
    client: Client, again: Dossier, els: Clerk, holder: KeyHolder, app: DigitalKey
) -> None:
    make_key(holder, KeyKind.EMAIL, destination="peter@example.org")
    code, typed = cast.make_code(again, els)
    type_code(client, code, typed)
    key = choose_key(client, "app")
    make_key(holder, KeyKind.SMS)
    form = {"key": key.pk, "digits": helpers.digits_of(key)}
    response = client.post(helpers.path("confirm_key"), form, follow=True)
    assert "You have three keys already" in text_of(response.content)
    code.refresh_from_db()
    assert code.state == CodeState.LIVE


def test_the_clerk_is_told_before_taking_the_fee(
    els_client: Client, again: Dossier, full: DigitalKey
) -> None:
    url = reverse("activation_desk:pay_and_issue", args=[again.pk])
    assert "three keys already" in text_of(els_client.get(url).content)
    DigitalKey.objects.filter(pk=full.pk).update(
        state=KeyState.REVOKED, revoked_at=timezone.now()
    )
    assert "three keys already" not in text_of(els_client.get(url).content)


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "drie"), ("fr", "trois"), ("de", "drei"), ("en", "three")],
)
def test_how_many_keys_there_can_be_is_a_word(language: str, word: str) -> None:
    with override(language):
        assert f" {word} " in str(TooManyKeysError(most=most_keys()))
