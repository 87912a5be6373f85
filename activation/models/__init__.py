"""The code on paper, the person's account, and the keys."""

from activation.models.addresses import AddressChange
from activation.models.codes import ActivationCode
from activation.models.endings import KeyEndings
from activation.models.holders import (
    HolderChange,
    KeyHolder,
    KnownBrowser,
    SignInActivity,
)
from activation.models.keys import DigitalKey, OneTimeCode
from activation.models.recovery_codes import RecoveryCode
from activation.models.traffic import AddressCount, SignInCount, WrongPassword

__all__ = [
    "ActivationCode",
    "AddressChange",
    "AddressCount",
    "DigitalKey",
    "HolderChange",
    "KeyEndings",
    "KeyHolder",
    "KnownBrowser",
    "OneTimeCode",
    "RecoveryCode",
    "SignInActivity",
    "SignInCount",
    "WrongPassword",
]
