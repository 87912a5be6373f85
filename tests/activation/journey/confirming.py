"""An applicant who is about to confirm a key with six digits."""

import pytest
from django.test import Client

from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import choose_account, type_code


@pytest.fixture
def visitor(client: Client, dossier: Dossier, els: Clerk) -> Client:
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client)
    return client
