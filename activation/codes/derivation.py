"""Codes and links are derived from a key and a nonce, and stored nowhere.

HMAC-SHA256(key, purpose || nonce) with a 32-byte random nonce a row
(docs/security.md#activation-codes). A stolen database holds nonces only; a second
printing or sending derives the same value again; a new nonce kills all that came from
the old one.

Keys are `settings.DERIVATION_KEYS` by id; a row keeps the id of its key.
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
    """32 bytes for this purpose; KeyError when the key is no longer held."""
    key = settings.DERIVATION_KEYS[kid]
    message = purpose.encode() + b"\x1f" + bytes(nonce)
    return hmac.new(key, message, hashlib.sha256).digest()


@sensitive_variables()
def is_right(typed: str, *, kid: str, expected: Callable[[], str]) -> bool:
    """Compare in constant time; False when the derivation key `kid` is gone.

    `expected` computes the right value, for which it needs that key.
    """
    if kid not in settings.DERIVATION_KEYS:
        return False
    return hmac.compare_digest(expected().encode(), typed.encode("utf-8", "replace"))
