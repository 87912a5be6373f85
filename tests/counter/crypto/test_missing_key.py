"""What cannot be read because a key is missing is not taken for damaged or empty."""

import base64
import secrets
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from activation.web import kept_password
from counter.crypto.encryption import UnknownKeyError
from counter.enquiries import whose
from counter.models import Applicant, Clerk, Dossier, Draft, Office
from tests import cast
from tests.city_sign_on.forger import Forger
from tests.counter.app import after_the_password, set_up
from tests.counter.city_sign_on.conftest import forger, linked_with_forger
from tests.counter.city_sign_on.steps import begin, come_back, is_signed_in
from tests.counter.enquiries.test_whose import wrote
from tests.counter.passkeys.authenticator import Device
from tests.counter.passkeys.steps import (
    SITE,
    URL,
    proved,
    question,
    send_new,
    send_signed,
)

__all__ = ["forger", "linked_with_forger"]
pytestmark = pytest.mark.django_db


def lose_the_key(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {"e9": secrets.token_bytes(32)}


def test_a_copy_of_somebodys_data_is_made_whole_or_not_at_all(
    dossier: Dossier, sofie_client: Client, settings: Settings
) -> None:
    page = reverse("admin:counter_applicant_export_data", args=[dossier.applicant_id])
    lose_the_key(settings)
    form = {"reason": "asked", "language": "nl", "form": "json"}
    assert sofie_client.post(page, form).status_code == 503


def test_a_list_shows_no_number_as_damaged(
    dossier: Dossier, sofie_client: Client, settings: Settings
) -> None:
    page = reverse("admin:counter_applicant_changelist")
    assert sofie_client.get(page).status_code == 200
    lose_the_key(settings)
    assert sofie_client.get(page).status_code == 503


def test_a_draft_is_not_resumed_as_an_empty_form(
    els_client: Client, settings: Settings
) -> None:
    typed = {"submission": str(uuid.uuid4()), "last_name": "Van den Ælst"}
    els_client.post(reverse("counter_dossiers:save_draft"), typed)
    page = reverse("counter_dossiers:resume_draft", args=[Draft.objects.get().pk])
    assert els_client.get(page).status_code == 200
    lose_the_key(settings)
    assert els_client.get(page).status_code == 503


def test_a_message_with_somebodys_number_is_not_taken_for_anybodys(
    dossier: Dossier, office: Office, settings: Settings
) -> None:
    """Otherwise it would be deleted although a hold keeps what the person wrote."""
    wrote(office, text=f"Mijn nummer is {cast.PETER_NUMBER}")
    lose_the_key(settings)
    with pytest.raises(UnknownKeyError):
        whose.of_people([dossier.applicant_id])


def test_a_right_passkey_is_not_refused(
    els: Clerk, settings: Settings, digits_asked: None
) -> None:
    settings.SITE_URL = URL
    set_up(els)
    device, adding = Device(SITE, URL, sign_count=7), proved(els)
    send_new(adding, device.make(question(adding, "question_to_add")))
    client = after_the_password(els)
    signed = device.sign(question(client, "question"))
    lose_the_key(settings)
    assert send_signed(client, signed).status_code == 503


def test_a_colleague_linked_with_the_city_is_not_taken_for_a_new_one(
    linked_with_forger: Clerk, forger: Forger, settings: Settings
) -> None:
    client = Client()
    way_back = forger.way_back(begin(client))
    lose_the_key(settings)
    assert come_back(client, way_back).status_code == 503
    assert not is_signed_in(client)


def test_a_visitor_who_makes_up_a_key_types_the_password_again() -> None:
    posted = base64.urlsafe_b64encode(b"\x02zz" + bytes(40)).decode()
    now = timezone.now()
    assert kept_password.read(posted, of=uuid.uuid4(), at=now) == ""


def test_a_damaged_value_is_said_in_the_copy_of_somebodys_data(
    dossier: Dossier, sofie_client: Client
) -> None:
    kid = bytes(dossier.applicant.national_number_sealed)[:3]
    Applicant.objects.update(national_number_sealed=kid + bytes(40))
    page = reverse("admin:counter_applicant_export_data", args=[dossier.applicant_id])
    form = {"reason": "asked", "language": "nl", "form": "json"}
    answer = sofie_client.post(page, form)
    assert answer.status_code == 200
    parts = {part["model"]: part["rows"] for part in answer.json()["data"]}
    number = parts["counter.Applicant"][0]["national_number"]
    assert number["value"] is None
    assert number["shown"] not in ("", "-")
