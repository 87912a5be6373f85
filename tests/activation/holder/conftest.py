"""Peter, who has an account with an app as its key, and his browser."""

import pytest
from django.test import Client

from activation.enums import KeyKind
from activation.models import DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests.activation.holder.helpers import make_holder, make_key, sign_in


@pytest.fixture
def holder(dossier: Dossier, els: Clerk) -> KeyHolder:
    return make_holder(dossier, els)


@pytest.fixture
def app(holder: KeyHolder) -> DigitalKey:
    return make_key(holder, KeyKind.APP)


@pytest.fixture
def signed_in(client: Client, app: DigitalKey) -> Client:
    sign_in(client, app)
    return client
