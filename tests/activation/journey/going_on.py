"""Browsers of an applicant who is on the way to a key."""

from collections.abc import Callable

import pytest
from django.test import Client

from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import choose_account, link, type_code
from tests.activation.tabs import Tab

USER_NAME = "pj1985"


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.fixture
def come(code_and_text: tuple[ActivationCode, str]) -> Callable[[], Tab]:
    """Each call returns another browser, in which the link and the code were used."""
    code, text = code_and_text
    return lambda: Tab(Client()).go(link(code)).send(code=text)


@pytest.fixture
def begun(code_and_text: tuple[ActivationCode, str], client: Client) -> Client:
    """A browser in which user name and password were chosen."""
    type_code(client, *code_and_text)
    choose_account(client, USER_NAME)
    return client
