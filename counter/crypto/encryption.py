"""Sealed numbers and secrets (docs/security.md#personal-numbers-at-rest).

A sealed value is AES-256-GCM with a random nonce, bound to its table, column,
row and key: moved to another row it does not open. Layout of the bytes::

    1 byte length of the key id | key id | 12 bytes nonce | ciphertext + 16 bytes tag

Look-up and uniqueness go through `index`: HMAC-SHA256 with another key, in full.
Only about 36 million national numbers exist, so an unkeyed hash would be as good
as the number itself.

Keys are `settings.ENCRYPTION_KEYS` and `settings.INDEX_KEYS`, by id. The first
encryption key seals; all of them open. Index keys are called `a` and `b`, each
with a column of its own, so that while one replaces the other both columns are
filled and uniqueness never has a gap. What need not be unique has one (`KeyedIndex`).
"""

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.views.decorators.debug import sensitive_variables

NONCE_BYTES = 12


class UnsealError(Exception):
    """The bytes cannot be opened: sealed for another place, or with a key we lack."""


class UnknownKeyError(UnsealError):
    """Sealed with a key that this process lacks: it was started with an older ring."""


def _place(table: str, column: str, row: object, kid: str) -> bytes:
    return "\x1f".join([table, column, str(row), kid]).encode()


@sensitive_variables()
def seal(plain: str, *, table: str, column: str, row: object) -> bytes:
    """Seal `plain` for one column of one row with the current key."""
    kid, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), _place(table, column, row, kid))
    name = kid.encode()
    return bytes([len(name)]) + name + nonce + sealed


def key_id(sealed: bytes) -> str:
    """The id of the key that sealed these bytes; raises UnsealError where none can be
    read.
    """
    try:
        return bytes(sealed[1 : 1 + sealed[0]]).decode()
    except (IndexError, UnicodeDecodeError):
        raise UnsealError("These bytes name no key.") from None


@sensitive_variables()
def unseal(sealed: bytes, *, table: str, column: str, row: object) -> str:
    """Open what `seal` made for the same place; raises UnsealError otherwise, and
    UnknownKeyError where the key is not in the ring.
    """
    sealed = bytes(sealed)
    broken = UnsealError(f"{table}.{column} of row {row} does not open.")
    try:
        kid = key_id(sealed)
    except UnsealError:
        raise broken from None
    key = settings.ENCRYPTION_KEYS.get(kid)
    if key is None:
        raise UnknownKeyError(f"{table}.{column} needs the key {kid}.")
    body = sealed[1 + sealed[0] :]
    try:
        plain = AESGCM(key).decrypt(
            body[:NONCE_BYTES], body[NONCE_BYTES:], _place(table, column, row, kid)
        )
    except (ValueError, InvalidTag):
        raise broken from None
    return plain.decode()


@sensitive_variables()
def index(value: str, *, purpose: str, kid: str) -> bytes:
    """The 32 bytes by which a value of one purpose is found, under index key `kid`."""
    folded = unicodedata.normalize("NFC", value).casefold()
    message = f"{purpose}\x1f{folded}".encode()
    return hmac.new(settings.INDEX_KEYS[kid], message, hashlib.sha256).digest()


@sensitive_variables()
def indexes(value: str, *, purpose: str) -> dict[str, bytes]:
    """The digest under each index key in force, by key id."""
    return {kid: index(value, purpose=purpose, kid=kid) for kid in settings.INDEX_KEYS}


@dataclass(frozen=True)
class KeyedIndex:
    """Declares on a model that `column` holds the `index` of the attribute `of`.

    It is written under the first index key, and `counter.crypto.rotation` writes it
    again when that key changes. Look-ups ask for the digests under every key in force.
    `may_differ` when `of` may have changed since it was indexed: then only a digest of
    the present value is written again. `through` are the relations to load for `of`.
    """

    column: str
    of: str
    purpose: str
    may_differ: bool = False
    through: tuple[str, ...] = ()

    def renewed(self, row: models.Model, stored: bytes | None) -> bytes | None:
        """Return the digest that the column should hold.

        It is `stored` when `of` is empty, or has another value now than was indexed.
        """
        plain = getattr(row, self.of)
        if not plain:
            return stored
        under = indexes(plain, purpose=self.purpose)
        if self.may_differ and stored not in under.values():
            return stored
        return next(iter(under.values()))

    def is_lost(self, row: models.Model, stored: bytes | None) -> bool:
        """Whether look-ups miss the row: no key in force gives its digest."""
        plain = getattr(row, self.of)
        if not plain or self.may_differ:
            return False
        return stored not in indexes(plain, purpose=self.purpose).values()


class SealedText(property):
    """A model's attribute as plain text, stored sealed in a BinaryField of the same
    row.

    The row's primary key must exist before the value is set, so models with sealed
    columns have UUID keys made in Python. Reading an empty column gives "".
    """

    if TYPE_CHECKING:

        def __get__(  # type: ignore[override]
            self, row: object, model: type | None = None, /
        ) -> str: ...

        def __set__(self, row: object, plain: str, /) -> None: ...

    def __init__(self, column: str) -> None:
        self.column = column

        def read(row: models.Model) -> str:
            sealed = getattr(row, column)
            if not sealed:
                return ""
            return unseal(sealed, table=row._meta.db_table, column=column, row=row.pk)

        @sensitive_variables()
        def write(row: models.Model, plain: str) -> None:
            sealed = (
                seal(plain, table=row._meta.db_table, column=column, row=row.pk)
                if plain
                else b""
            )
            setattr(row, column, sealed)

        super().__init__(read, write)
