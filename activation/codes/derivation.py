"""Codes and links are derived from a key and a nonce; they are not stored.

The derivation is HMAC-SHA256(key, purpose || 0x1f || nonce). Each row has its own
random nonce of 32 bytes (docs/security.md#activation-codes). So a stolen database
contains nonces only; printing or sending again derives the same value; and replacing
the nonce invalidates everything that was derived from the old one.

`settings.DERIVATION_KEYS` holds the keys by id; a row stores the id of its key.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

NONCE_BYTES = 32


def current_key_id() -> str:
    return next(iter(settings.DERIVATION_KEYS))


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def derive(*, kid: str, purpose: str, nonce: bytes) -> bytes:
    """Derive 32 bytes for this purpose.

    Raises KeyError when the key `kid` is no longer in the settings.
    """
    key = settings.DERIVATION_KEYS[kid]
    message = purpose.encode() + b"\x1f" + bytes(nonce)
    return hmac.new(key, message, hashlib.sha256).digest()


@sensitive_variables()
def is_right(typed: str, *, kid: str, expected: Callable[[], str]) -> bool:
    """Whether `typed` is the expected value, compared in constant time.

    `expected` computes that value with the derivation key `kid`. It is not called, and
    the answer is False, when the key is no longer in the settings.
    """
    if kid not in settings.DERIVATION_KEYS:
        return False
    return hmac.compare_digest(expected().encode(), typed.encode("utf-8", "replace"))
