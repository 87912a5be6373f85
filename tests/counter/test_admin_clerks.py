"""The supervisor keeps the accounts, and gets no further by them."""

from django.test import Client
from django.urls import reverse

from counter.enums import Role
from counter.models import Clerk, Office
from tests import cast


def clerk_form(at: Office, **changes: str) -> dict[str, str]:
    return {
        "username": "nora",
        "password1": cast.PASSWORD,
        "password2": cast.PASSWORD,
        "first_name": "Nora",
        "last_name": "Aerts",
        "office": str(at.pk),
        "role": "clerk",
        "desk": "Loket 3",
        "language": "nl",
        "is_active": "on",
    } | changes


def test_a_new_clerk_works_at_once(office: Office, sofie_client: Client) -> None:
    address = reverse("admin:counter_clerk_add")
    assert sofie_client.post(address, clerk_form(office)).status_code == 302
    nora = Clerk.objects.get(username="nora")
    assert nora.check_password(cast.PASSWORD)
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
    for name in ("counter_clerk_change", "auth_user_password_change"):
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
