"""How many rows wait for each periodic task about codes and keys."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from activation.models import ActivationCode, AddressCount, DigitalKey, WrongPassword
from activation.querysets import TRIES_A_CODE
from counter.operations.duties import Duty


def _codes(at: datetime) -> int:
    spent = ActivationCode.objects.usable(at).filter(attempts__gte=TRIES_A_CODE)
    return ActivationCode.objects.due_to_lapse(at).count() + spent.count()


def _keys(at: datetime) -> int:
    return DigitalKey.objects.due_to_expire(at).count()


def _request_counts(at: datetime) -> int:
    return AddressCount.objects.past(at).count()


def _wrong_passwords(_at: datetime) -> int:
    return WrongPassword.objects.count()


DUTIES: Final = (
    Duty(
        task="activation.tasks.lapse_codes",
        label=_("Lapse codes whose two weeks are over"),
        due=_codes,
    ),
    Duty(
        task="activation.tasks.expire_keys",
        label=_("End keys whose ten years are over"),
        due=_keys,
    ),
    Duty(
        task="activation.tasks.count_key_endings",
        label=_("Count the keys that end in each month"),
    ),
    Duty(
        task="activation.tasks.purge_request_counts",
        label=_("Forget counts of requests"),
        due=_request_counts,
    ),
    Duty(
        task="activation.tasks.file_wrong_passwords",
        label=_("Show holders who tried to sign in"),
        due=_wrong_passwords,
    ),
)
