"""An account that was there before the code: its keys ended, or its code lapsed.

The page on which an account is chosen warns of what somebody chose with this code, and
of nothing else.
"""

from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from activation.codes.lapsing import lapse_codes
from activation.enums import KeyKind
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, link
from tests.activation.holder.helpers import make_holder, make_key
from tests.activation.journey.devices import (
    OTHER_PASSWORD,
    choose,
    code_and_text,
    is_password,
)
from tests.activation.tabs import Tab

__all__ = ["code_and_text"]

NOW = timezone.now()
GO_ON = "I know that password: go on with it"


def test_who_came_back_after_years_is_told_what_the_other_device_chose(
    dossier: Dossier, els: Clerk
) -> None:
    """The account has old keys; what was chosen with this code counts all the same."""
    make_key(make_holder(dossier, els), KeyKind.SMS, at=NOW - timedelta(days=4000))
    again = cast.make_dossier(dossier.applicant, els)
    code, text = cast.make_code(again, els)
    one, two = (Tab(Client()).go(link(code)).send(code=text) for _device in range(2))
    assert GO_ON not in one.text  # the account of before is chosen anew
    choose(one, "peter", GOOD_PASSWORD)
    two.reload()
    assert "chosen with this code before" in two.text
    assert "The user name is p•••r" in two.text
    assert "Choose your key" in two.send(form=0).text
    assert is_password(GOOD_PASSWORD)


def test_an_account_of_a_code_that_lapsed_is_no_alarm(
    code_and_text: tuple[ActivationCode, str], dossier: Dossier, els: Clerk
) -> None:
    """Who chose an account and never confirmed a key pays again, and reads no alarm."""
    code, text = code_and_text
    choose(Tab(Client()).go(link(code)).send(code=text), "peter", GOOD_PASSWORD)
    with time_machine.travel(NOW + timedelta(days=400)):
        lapse_codes(at=timezone.now())
        later = cast.make_dossier(dossier.applicant, els)
        new, text = cast.make_code(later, els)
        tab = Tab(Client()).go(link(new)).send(code=text)
        assert "Choose a user name and a password" in tab.text
        assert GO_ON not in tab.text
        assert "Was it not you?" not in tab.text
        assert "Choose your key" in choose(tab, "peter", OTHER_PASSWORD).text
    assert is_password(OTHER_PASSWORD)
