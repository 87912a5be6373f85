"""The line about an activation in the holder's history.

It says from which device; when it cannot be written, the key does not become active.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError
from django.test import Client

from activation.enums import CodeState, KeyState, SignInFor, SignInResult
from activation.models import ActivationCode, DigitalKey, KeyHolder, SignInActivity
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation import helpers
from tests.activation.holder.helpers import path, sign_in
from tests.database import superuser

_REFUSE = """
CREATE FUNCTION refuse_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no line can be written'; END $$;
CREATE TRIGGER refuse_line BEFORE INSERT ON activation_signinactivity
FOR EACH ROW EXECUTE FUNCTION refuse_line()
"""


@contextmanager
def no_line_can_be_written() -> Iterator[None]:
    """Inside the block no line of the history can be written."""
    with superuser() as server:
        server.execute(_REFUSE)
    try:
        yield
    finally:
        with superuser() as server:
            server.execute("DROP FUNCTION refuse_line CASCADE")


@pytest.fixture
def again(holder: KeyHolder, app: DigitalKey, els: Clerk) -> Dossier:
    """Peter came back for another key."""
    return cast.make_dossier(holder.applicant, els, email="peter@example.org")


def activate(client: Client, dossier: Dossier, els: Clerk) -> SignInActivity:
    helpers.type_code(client, *cast.make_code(dossier, els))
    key = helpers.choose_key(client, "sms")
    form = {"key": key.pk, "digits": helpers.digits_of(key)}
    response = client.post(helpers.path("confirm_key"), form)
    assert helpers.leads_to(response) == helpers.path("done")
    return SignInActivity.objects.get(result=SignInResult.ACTIVATED)


def test_another_key_of_an_account_from_a_browser_that_it_does_not_know(
    client: Client, again: Dossier, els: Clerk, app: DigitalKey
) -> None:
    assert activate(client, again, els).is_new_device
    owner = Client()
    sign_in(owner, app)
    page = helpers.text_of(owner.get(path("activity")).content)
    assert page.count("New device") == 2  # the other is the sign-in of `owner`


def test_and_from_one_that_it_knows(
    client: Client, again: Dossier, els: Clerk, app: DigitalKey
) -> None:
    sign_in(client, app)
    assert not activate(client, again, els).is_new_device


@pytest.mark.django_db(transaction=True)
def test_there_is_no_key_without_its_line(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    helpers.type_code(client, *cast.make_code(dossier, els))
    helpers.choose_account(client)
    key = helpers.choose_key(client, "sms")
    form = {"key": key.pk, "digits": helpers.digits_of(key)}
    with no_line_can_be_written(), pytest.raises(DatabaseError, match="no line"):
        client.post(helpers.path("confirm_key"), form)
    key.refresh_from_db()
    assert key.state == KeyState.PENDING
    assert ActivationCode.objects.get().state == CodeState.LIVE
    response = client.post(helpers.path("confirm_key"), form)
    assert helpers.leads_to(response) == helpers.path("done")
    row = SignInActivity.objects.get()
    assert (row.what_for, row.key) == (SignInFor.ACTIVATE, key)
