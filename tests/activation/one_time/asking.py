"""A text message key, and the request for its digits, for several tests."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activation.enums import KeyKind
from activation.journey.accounts import choose_account
from activation.journey.choosing import choose_key
from activation.models import ActivationCode, DigitalKey, OneTimeCode
from activation.one_time.one_time import request_code
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD

NOW = timezone.now().replace(microsecond=0)
MOBILE = "+32470123456"


def seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    code, _ = cast.make_code(dossier, els, issued_at=NOW)
    choose_account(code_id=code.pk, user_name="peter", password=GOOD_PASSWORD, at=NOW)
    return code


@pytest.fixture
def key(code: ActivationCode) -> DigitalKey:
    """A text message key, whose first one-time code was sent at NOW."""
    return choose_key(code_id=code.pk, kind=KeyKind.SMS, mobile=MOBILE, at=NOW)


def ask(key: DigitalKey, after: timedelta) -> OneTimeCode:
    return request_code(code_id=key.code_id, key_id=key.pk, at=NOW + after)
