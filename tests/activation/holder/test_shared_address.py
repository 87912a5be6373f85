"""Nobody changes to another account's address, and the desk asks before a person gets
it; accounts that share one can be recovered.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.enums import Change, KeyKind, Purpose
from activation.holder import recovery_links
from activation.holder.paper.recovery_codes import make_codes
from activation.models import (
    DigitalKey,
    HolderChange,
    KeyHolder,
    OneTimeCode,
    SignInActivity,
    SignInCount,
)
from activation.one_time.digits import one_time_text
from counter.enums import DoubtKind
from counter.models import Clerk
from notifications.channels.outgoing import Mail
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests.activation.helpers import other_digits, text_of
from tests.activation.holder.helpers import (
    fresh,
    make_anna,
    make_key,
    path,
    show_password,
)
from tests.cast import MARIE_NUMBER
from tests.counter.dossiers.record_form import typed

PAGE = path("change_email")
CONFIRM = path("confirm_email")
PASSWORD = "vijf groene stille paarden"


def digits_for(holder: KeyHolder) -> str:
    return one_time_text(holder.one_time_codes.get(purpose=Purpose.EMAIL))


@pytest.mark.parametrize("written", ["anna@example.org", "Anna@Example.org"])
def test_the_address_of_another_account_is_refused_to_who_reads_its_mail(
    signed_in: Client, holder: KeyHolder, els: Clerk, written: str
) -> None:
    make_anna(els, email="anna@example.org")
    response = signed_in.post(PAGE, {"email": written})
    assert response["Location"] == CONFIRM  # as for any address
    wrong = {"digits": other_digits(digits_for(holder))}
    text = text_of(signed_in.post(CONFIRM, wrong).content)
    assert "These are not the right digits" in text
    response = signed_in.post(CONFIRM, {"digits": digits_for(holder)})
    assert response["Location"] == PAGE
    text = text_of(signed_in.get(PAGE).content)
    assert "Another account uses this address already" in text
    holder.refresh_from_db()
    assert (holder.email, holder.new_email) == ("peter@example.org", "")


def test_the_desk_asks_about_the_address_of_another_account(
    els_client: Client, holder: KeyHolder
) -> None:
    """Peter changed to the address on his own page, so no dossier has it."""
    KeyHolder.objects.filter(pk=holder.pk).update(email="Pair@example.org")
    record = reverse("counter_dossiers:record_applicant")
    marie = typed(
        national_number=MARIE_NUMBER,
        birth_date="08/06/1975",
        sex="F",
        last_name="Peeters",
        first_names="Marie",
        email="pair@example.org",
    )
    answer = els_client.post(record, marie)
    (doubt,) = answer.context["form"].doubts
    assert doubt.kind == DoubtKind.EMAIL_SHARED
    assert holder.user_name not in answer.content.decode()
    answer = els_client.post(record, marie | {"confirmed": [doubt.stamp]})
    assert answer.status_code == 303


def test_the_desk_asks_nothing_about_the_address_of_ones_own_account(
    els_client: Client, holder: KeyHolder
) -> None:
    KeyHolder.objects.filter(pk=holder.pk).update(email="pair@example.org")
    record = reverse("counter_dossiers:record_applicant")
    again = typed(email="pair@example.org")
    assert els_client.post(record, again).status_code == 303


def test_the_own_address_again_is_no_other_account(
    signed_in: Client, holder: KeyHolder
) -> None:
    signed_in.post(PAGE, {"email": "Peter@example.org"})
    form = {"digits": digits_for(holder)}
    assert signed_in.post(CONFIRM, form)["Location"] == path("overview")


def recover_with(client: Client, key: DigitalKey, name: str) -> str:
    """Set a new password with this key; returns the user name that it belongs to."""
    OneTimeCode.objects.all().delete()
    client.post(path("forgotten"), {"name": name})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": digits})
    assert str(key.pk) in client.get(path("recovery_key")).content.decode()
    client.post(path("recovery_send"), {"key": key.pk})
    form = {"key": key.pk, "digits": fresh(key)}
    response = client.post(path("recovery_key"), form)
    assert response.headers.get("Location") == path("new_password")
    form = {"password": PASSWORD, "password_again": PASSWORD}
    client.post(path("new_password"), form)
    user_name: str = key.holder.user_name
    show_password(client, user_name=user_name, password=PASSWORD)
    return user_name


def test_the_key_tells_which_of_two_accounts_it_is(
    app: DigitalKey, holder: KeyHolder, els: Clerk
) -> None:
    """A couple has them, who told the desk that they share a mailbox."""
    anna = make_anna(els, email="Peter@example.org")
    hers = make_key(anna, KeyKind.APP)
    assert recover_with(Client(), app, "peter@example.org") == holder.user_name
    assert recover_with(Client(), hers, "peter@example.org") == anna.user_name


def recover_with_code(client: Client, code: str) -> None:
    """Set a new password with this code of a sheet, in the name of the address."""
    OneTimeCode.objects.all().delete()
    client.post(path("forgotten"), {"name": "peter@example.org"})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": digits})
    assert client.get(path("recovery_key"))["Location"] == path("recover_with_code")
    response = client.post(path("recover_with_code"), {"code": code})
    assert response.headers.get("Location") == path("new_password")
    form = {"password": PASSWORD, "password_again": PASSWORD}
    client.post(path("new_password"), form)


@pytest.mark.parametrize("is_peters", [True, False])
def test_the_sheet_tells_which_of_two_accounts_it_is(
    holder: KeyHolder, els: Clerk, *, is_peters: bool
) -> None:
    """Both have a key by e-mail alone, in the mailbox that they share."""
    anna = make_anna(els, email="peter@example.org")
    for each in (holder, anna):
        make_key(each, KeyKind.EMAIL, destination="peter@example.org")
    owner, other = (holder, anna) if is_peters else (anna, holder)
    code = make_codes(holder=owner, at=timezone.now())[0]
    recover_with_code(Client(), code)
    for each in (owner, other):
        each.refresh_from_db()
    assert owner.check_password(PASSWORD)
    assert not other.check_password(PASSWORD)
    assert owner.changes.filter(act=Change.CODE_USED).count() == 1
    assert not other.changes.exists()
    assert {row.holder for row in SignInActivity.objects.all()} == {owner}


def test_each_of_two_sheets_opens_its_own_account(
    holder: KeyHolder, els: Clerk
) -> None:
    anna = make_anna(els, email="peter@example.org")
    now, sheets = timezone.now(), {}
    for each in (holder, anna):
        make_key(each, KeyKind.EMAIL, destination="peter@example.org")
        sheets[each.pk] = make_codes(holder=each, at=now)
    for each in (anna, holder):
        recover_with_code(Client(), sheets[each.pk][0])
        each.refresh_from_db()
        assert each.check_password(PASSWORD)


def test_a_key_of_somebody_elsewhere_is_none(
    client: Client, app: DigitalKey, els: Clerk
) -> None:
    anna = make_anna(els, email="anna@example.org")
    hers = make_key(anna, KeyKind.APP)
    client.post(path("forgotten"), {"name": "peter@example.org"})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": digits})
    assert str(hers.pk) not in client.get(path("recovery_key")).content.decode()
    form = {"key": hers.pk, "digits": fresh(hers)}
    assert client.post(path("recovery_key"), form).status_code == 422


def test_nor_is_one_in_the_mailbox_that_both_have(
    client: Client, holder: KeyHolder, els: Clerk
) -> None:
    anna = make_anna(els, email="peter@example.org")
    make_key(anna, KeyKind.EMAIL, destination="peter@example.org")
    client.post(path("forgotten"), {"name": "peter@example.org"})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": digits})
    assert client.get(path("recovery_key"))["Location"] == path("no_key")


def test_wrong_digits_count_with_whose_key_it_is(
    client: Client, app: DigitalKey, els: Clerk
) -> None:
    anna = make_anna(els, email="peter@example.org")
    hers = make_key(anna, KeyKind.APP)
    client.post(path("forgotten"), {"name": "peter@example.org"})
    digits = one_time_text(OneTimeCode.objects.get(purpose=Purpose.RECOVER))
    client.post(path("recovery_code"), {"digits": digits})
    for key in (app, hers, hers):
        form = {"key": key.pk, "digits": other_digits(fresh(key))}
        client.post(path("recovery_key"), form)
    failures = sorted(SignInCount.objects.values_list("failures", flat=True))
    assert failures == [1, 2]


# The mail


def mailed_for(asked_for: str) -> Mail:
    """The mail that is sent for a forgotten password, with earlier digits removed."""
    OneTimeCode.objects.all().delete()
    Client().post(path("forgotten"), {"name": asked_for})
    code = OneTimeCode.objects.get(purpose=Purpose.RECOVER)
    sent = render(Delivery.objects.get(subject=code.pk), at=timezone.now())
    assert isinstance(sent, Mail)
    return sent


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_a_couple_reads_that_the_mail_is_for_either(
    app: DigitalKey, holder: KeyHolder, els: Clerk, language: str
) -> None:
    """The mail names both accounts, and not only the younger one."""
    anna = make_anna(els, email="Peter@example.org")
    KeyHolder.objects.update(language=language)
    text = mailed_for("peter@example.org").message.text
    assert holder.user_name in text
    assert anna.user_name in text
    for name in (holder.dossier.name, anna.dossier.name):
        assert name not in text


def test_one_account_s_mail_names_that_one_only(
    app: DigitalKey, holder: KeyHolder, els: Clerk
) -> None:
    anna = make_anna(els, email="anna@example.org")
    text = mailed_for("peter@example.org").message.text
    assert holder.user_name in text
    assert holder.dossier.name in text
    assert anna.user_name not in text


def test_a_new_password_of_one_leaves_the_other_the_link(
    app: DigitalKey, holder: KeyHolder, els: Clerk
) -> None:
    """When no mail can be sent for the rest of the day, this link is the only help."""
    anna = make_anna(els, email="peter@example.org")  # the younger account
    sent = mailed_for("peter@example.org")
    code = OneTimeCode.objects.get(purpose=Purpose.RECOVER)
    assert code.holder == anna
    link = recovery_links.token(code)
    at = timezone.now()
    HolderChange.objects.create(holder=anna, at=at, act=Change.PASSWORD)
    peter = Client()
    assert link in sent.message.text
    assert peter.get(path("open_mail", link))["Location"] == path("way_in")
    answer = peter.post(path("way_in"), {"go_on": "new_password"})
    assert answer["Location"] == path("recovery_key")
    assert str(app.pk) in peter.get(path("recovery_key")).content.decode()
    HolderChange.objects.create(holder=holder, at=at, act=Change.PASSWORD)
    assert Client().get(path("open_mail", link)).status_code == 410
