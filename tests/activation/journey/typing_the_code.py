"""A code with its text, for tests in which an applicant types it."""

import pytest

from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)
