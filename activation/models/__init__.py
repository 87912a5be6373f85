"""The code on paper, the person's account, and the keys."""

from activation.models.codes import ActivationCode, _derivation_key_id, _nonce
from activation.models.holders import HolderChange, KeyHolder, SignInActivity
from activation.models.keys import DigitalKey, OneTimeCode
from activation.models.traffic import AddressCount, SignInCount

__all__ = [
    "ActivationCode",
    "AddressCount",
    "DigitalKey",
    "HolderChange",
    "KeyHolder",
    "OneTimeCode",
    "SignInActivity",
    "SignInCount",
    "_derivation_key_id",  # by this name in the first migration
    "_nonce",
]
