"""The QR code of an app key, for a phone to scan."""

import pytest
from django.test import Client

from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import choose_account, choose_key, path, type_code


@pytest.fixture
def visitor(client: Client, dossier: Dossier, els: Clerk) -> Client:
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client)
    return client


def test_the_qr_code_is_an_image_that_nobody_keeps(visitor: Client) -> None:
    key = choose_key(visitor, "app")
    response = visitor.get(path("qr_code", str(key.pk)))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "no-store"
    assert b"<svg" in response.content
    assert b"style" not in response.content
    assert key.secret.encode() not in response.content


def test_only_an_app_key_has_a_qr_code(visitor: Client) -> None:
    key = choose_key(visitor, "sms")
    assert visitor.get(path("qr_code", str(key.pk))).status_code == 404


def test_the_picture_is_of_the_key_on_its_page(visitor: Client) -> None:
    """A second tab, in which another key was chosen, does not change the picture."""
    app = choose_key(visitor, "app")
    picture = visitor.get(path("qr_code", str(app.pk))).content
    choose_key(visitor, "sms")
    assert visitor.get(path("qr_code", str(app.pk))).content == picture


def test_nobody_else_s_picture(visitor: Client, els: Clerk) -> None:
    key = choose_key(visitor, "app")
    anna = cast.make_applicant(cast.ANNA_NUMBER, first_names="Anna")
    other = cast.make_dossier(anna, els, email="anna@example.org")
    stranger = Client()
    type_code(stranger, *cast.make_code(other, els))
    choose_account(stranger, user_name="anna.janssens")
    assert stranger.get(path("qr_code", str(key.pk))).status_code == 404
