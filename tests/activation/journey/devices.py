"""Steps of tests in which one code is used on two devices."""

import pytest

from activation.models import ActivationCode, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.tabs import Tab

OTHER_PASSWORD = "zeven kleine groene geiten"


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


def choose(tab: Tab, user_name: str, password: str) -> Tab:
    """Send the form that chooses an account, which may stand after another form."""
    form = next(n for n, fields in enumerate(tab.forms) if "stands" in fields)
    return tab.send(form=form, user_name=user_name, password=password)


def is_password(password: str) -> bool:
    return KeyHolder.objects.get().check_password(password)
