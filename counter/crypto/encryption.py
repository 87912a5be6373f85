"""Encrypts numbers and secrets (docs/security.md#personal-numbers-at-rest).

A sealed value is encrypted by AES-256-GCM with a random nonce. Table, column, row and
key are authenticated too, so a value moved to another row cannot be decrypted. The
layout of the bytes is::

    1 byte length of the key id | key id | 12 bytes nonce | ciphertext + 16 bytes tag

Look-ups and unique constraints use `index`: HMAC-SHA256 with another key, not cut off.
Only about 36 million national numbers exist, so a hash without a key could easily be
reversed by trying all of them.

Keys are `settings.ENCRYPTION_KEYS` and `settings.INDEX_KEYS`, by id. The first
encryption key encrypts; all of them decrypt. Index keys are called `a` and `b`, each
with its own column. While one replaces the other both columns are filled, so that the
unique constraint always holds. Values that need not be unique have one column
(`KeyedIndex`).
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
_TAG_BYTES = 16


class UnsealError(Exception):
    """The bytes cannot be decrypted: they are damaged, of another place, or of another
    key with the same id.
    """


class UnknownKeyError(Exception):
    """The key is not configured in this process, which was started with older keys.

    It is no UnsealError, because the value is not damaged: who goes on without damaged
    values must not go on without this one (counter.crypto.old_ring).
    """


def _place(table: str, column: str, row: object, kid: str) -> bytes:
    return "\x1f".join([table, column, str(row), kid]).encode()


@sensitive_variables()
def seal(plain: str, *, table: str, column: str, row: object) -> bytes:
    """Encrypt `plain` for one column of one row, with the current key."""
    kid, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), _place(table, column, row, kid))
    name = kid.encode()
    return bytes([len(name)]) + name + nonce + sealed


def key_id(sealed: bytes) -> str:
    """The id of the key that encrypted these bytes.

    Raises UnsealError when these bytes cannot have been made by `seal`. So damage is
    seldom taken for the id of a key that is missing.
    """
    sealed = bytes(sealed)
    length = sealed[0] if sealed else 0
    name = sealed[1 : 1 + length].decode(errors="replace")
    is_id = bool(name) and name.isprintable() and "\ufffd" not in name
    if not is_id or len(sealed) < 1 + length + NONCE_BYTES + _TAG_BYTES:
        raise UnsealError("These bytes name no key.")
    return name


@sensitive_variables()
def unseal(sealed: bytes, *, table: str, column: str, row: object) -> str:
    """Decrypt what `seal` made for the same place.

    Raises UnsealError for other bytes, and UnknownKeyError when the key is missing.
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
    """The keyed digest (32 bytes) of a value for one purpose, with index key `kid`."""
    folded = unicodedata.normalize("NFC", value).casefold()
    message = f"{purpose}\x1f{folded}".encode()
    return hmac.new(settings.INDEX_KEYS[kid], message, hashlib.sha256).digest()


@sensitive_variables()
def indexes(value: str, *, purpose: str) -> dict[str, bytes]:
    """The keyed digests of a value with all index keys, by the id of the key."""
    return {kid: index(value, purpose=purpose, kid=kid) for kid in settings.INDEX_KEYS}


@dataclass(frozen=True)
class KeyedIndex:
    """Declares on a model that `column` holds the `index` of the attribute `of`.

    It is computed with the first index key, and `counter.crypto.rotation` computes it
    again when that key changes. Look-ups use the digests with all keys. `may_differ` is
    true when `of` may have changed since it was indexed: then the column is only
    renewed if it has a digest of the present value. `through` are the relations to load
    for `of`.
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
        """Whether look-ups miss the row, because no key gives its digest."""
        plain = getattr(row, self.of)
        if not plain or self.may_differ:
            return False
        return stored not in indexes(plain, purpose=self.purpose).values()


class SealedText(property):
    """A model's attribute with plain text, stored encrypted in a BinaryField.

    The primary key must exist before the value is set, so models with encrypted columns
    have UUID keys made in Python. Reading an empty column gives "".
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
