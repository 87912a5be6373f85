"""A supervisor manages the accounts, and gets no more rights through them."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk, Draft, Office
from payments.models import DrawerSession
from tests import cast
from tests.races import wait_for_a_lock


def clerk_form(at: Office, **changes: str) -> dict[str, str]:
    return {
        "username": "nora",
        "first_name": "Nora",
        "last_name": "Aerts",
        "email": "nora@stadskantoor.example",
        "office": str(at.pk),
        "role": "clerk",
        "language": "nl",
        "is_active": "on",
        # The supervisor goes on, even if a drawer or a visit is left open.
        "leave_anyway": "on",
    } | changes


def test_a_new_clerk_is_of_the_office(office: Office, sofie_client: Client) -> None:
    address = reverse("admin:counter_clerk_add")
    assert sofie_client.post(address, clerk_form(office)).status_code == 302
    nora = Clerk.objects.get(username="nora")
    assert nora.office == office
    assert not nora.is_staff


def test_a_new_supervisor_opens_the_admin(office: Office, sofie_client: Client) -> None:
    address = reverse("admin:counter_clerk_add")
    sofie_client.post(address, clerk_form(office, role="supervisor"))
    client = Client()
    client.force_login(Clerk.objects.get(username="nora"))
    listing = reverse("admin:counter_dossier_changelist")
    assert client.get(listing).status_code == 200


def test_a_supervisor_made_a_clerk_is_out(office: Office, sofie_client: Client) -> None:
    lies = cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)
    address = reverse("admin:counter_clerk_change", args=(lies.pk,))
    sofie_client.post(address, clerk_form(office, username="lies", role="clerk"))
    lies.refresh_from_db()
    assert not lies.is_staff
    assert lies.role == Role.CLERK


def test_a_clerk_of_another_office_cannot_be_made(
    office: Office, other_office: Office, sofie_client: Client
) -> None:
    address = reverse("admin:counter_clerk_add")
    response = sofie_client.post(address, clerk_form(other_office))
    assert response.status_code == 200
    response = sofie_client.post(address, clerk_form(office, office=""))
    assert response.status_code == 200
    assert not Clerk.objects.filter(username="nora").exists()


def test_nobody_takes_over_a_superuser(office: Office, sofie_client: Client) -> None:
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD, office=office)
    for name in ("counter_clerk_change", "counter_clerk_send_password_link"):
        address = reverse(f"admin:{name}", args=(boss.pk,))
        data = {"password1": "another long word", "password2": "another long word"}
        assert sofie_client.post(address, data).status_code == 403
    boss.refresh_from_db()
    assert boss.check_password(cast.PASSWORD)


def test_a_supervisor_cannot_rise(
    office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    address = reverse("admin:counter_clerk_change", args=(sofie.pk,))
    data = clerk_form(office, username="sofie", is_superuser="on", role="clerk")
    sofie_client.post(address, data)
    sofie.refresh_from_db()
    assert not sofie.is_superuser
    assert sofie.role == Role.SUPERVISOR


def test_a_supervisor_gives_herself_no_other_name(
    office: Office, sofie: Clerk, sofie_client: Client
) -> None:
    """Otherwise she could serve her family, or herself, without being recognised."""
    Clerk.objects.filter(pk=sofie.pk).update(first_name="Sofie", last_name="Claes")
    address = reverse("admin:counter_clerk_change", args=(sofie.pk,))
    assert 'name="last_name"' not in sofie_client.get(address).text
    form = clerk_form(office, username="sofie", language="en")
    assert sofie_client.post(address, form).status_code == 302
    sofie.refresh_from_db()
    assert sofie.get_full_name() == "Sofie Claes"


def test_switching_an_account_off_names_what_it_leaves(
    office: Office, els: Clerk, sofie_client: Client
) -> None:
    """An open drawer and an unfinished visit, each with what to do about it."""
    drawer = DrawerSession.objects.get(clerk=els)
    draft = Draft(clerk=els, submission=uuid.uuid4(), saved_at=timezone.now())
    draft.content = "{}"
    draft.save()
    page = reverse("admin:counter_clerk_change", args=(els.pk,))
    form = clerk_form(office, username="els")
    assert "drawer" not in messages_after(sofie_client, page, form)
    del form["is_active"]
    asked = sofie_client.post(page, form | {"leave_anyway": ""})
    assert "has a drawer that is not closed" in asked.text
    assert reverse("payments_drawers:approve_drawer", args=(drawer.pk,)) in asked.text
    assert 'type="checkbox" name="leave_anyway"' in asked.text
    assert Clerk.objects.get(pk=els.pk).is_active
    text = messages_after(sofie_client, page, form)
    assert "Nora Aerts has a drawer that is not closed" in text
    assert reverse("payments_drawers:approve_drawer", args=(drawer.pk,)) in text
    assert "Nora Aerts was recording 1 visit, which nobody else can open" in text
    assert not Clerk.objects.get(pk=els.pk).is_active


def test_one_who_leaves_nothing_is_switched_off_without_a_word(
    office: Office, sofie_client: Client
) -> None:
    nora = cast.make_clerk("nora", office, desk="", has_drawer=False)
    page = reverse("admin:counter_clerk_change", args=(nora.pk,))
    form = clerk_form(office)
    del form["is_active"]
    text = messages_after(sofie_client, page, form)
    assert "drawer" not in text
    assert "recording" not in text


@pytest.mark.parametrize("empty", [("email",), ("email", "first_name")])
def test_an_older_account_without_an_address_is_switched_off_as_it_is(
    office: Office, els: Clerk, sofie_client: Client, empty: tuple[str, ...]
) -> None:
    """Also when there is another account without an address."""
    Clerk.objects.filter(pk=els.pk).update(last_name="Aerts", first_name="")
    cast.make_clerk("bart", office, desk="")
    page = reverse("admin:counter_clerk_change", args=(els.pk,))
    form = clerk_form(office, username="els") | dict.fromkeys(empty, "")
    answer = sofie_client.post(page, form)
    assert answer.context["adminform"].form.errors.keys() == set(empty)
    del form["is_active"]
    assert sofie_client.post(page, form).status_code == 302
    assert not Clerk.objects.get(pk=els.pk).is_active
    answer = sofie_client.post(page, form | {"is_active": "on"})
    assert answer.context["adminform"].form.errors.keys() == set(empty)


def test_an_address_that_is_there_is_not_taken_away(
    office: Office, els: Clerk, sofie_client: Client
) -> None:
    Clerk.objects.filter(pk=els.pk).update(email="els@stadskantoor.example")
    form = clerk_form(office, username="els", email="")
    del form["is_active"]
    page = reverse("admin:counter_clerk_change", args=(els.pk,))
    answer = sofie_client.post(page, form)
    assert answer.context["adminform"].form.errors.keys() == {"email"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", ["email", "username"])
def test_of_two_colleagues_added_at_once_the_second_is_told_what_is_taken(
    office: Office, sofie_client: Client, same: str
) -> None:
    """The form checks before the first account exists, and saves after that."""
    form = clerk_form(office)
    first = {"username": "an", "email": "an@stadskantoor.example", same: form[same]}

    def add() -> Any:  # noqa: ANN401 (the test client's answer)
        try:
            return sofie_client.post(reverse("admin:counter_clerk_add"), form)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Clerk.objects.create_user(**first, office=office)
            answer = pool.submit(add)
            wait_for_a_lock()
        shown = answer.result(timeout=10)
    assert shown.status_code == 200
    assert shown.context["adminform"].form.errors.keys() == {same}
    assert "Aerts" in shown.content.decode()
    assert not Clerk.objects.filter(last_name="Aerts").exists()


def messages_after(client: Client, page: str, form: dict[str, str]) -> str:
    answer = client.post(page, form, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_no_account_without_a_name(sofie_client: Client, name: str) -> None:
    form = {
        "username": "nieuw",
        "password1": cast.PASSWORD,
        "password2": cast.PASSWORD,
        "first_name": "Nele",
        "last_name": "Nieuw",
        "role": "clerk",
        "language": "nl",
    }
    add = reverse("admin:counter_clerk_add")
    answer = sofie_client.post(add, form | {name: ""})
    assert answer.status_code == 200
    assert name in answer.context["adminform"].form.errors


def test_nobody_gets_another_user_name(
    office: Office, sofie_client: Client, els: Clerk
) -> None:
    page = reverse("admin:counter_clerk_change", args=[els.pk])
    assert 'name="username"' not in sofie_client.get(page).content.decode()
    typed = clerk_form(office, username="els2")
    assert sofie_client.post(page, typed).status_code == 302
    els.refresh_from_db()
    assert (els.username, els.last_name) == ("els", "Aerts")
