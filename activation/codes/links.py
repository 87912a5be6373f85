"""The link in the mail: which code it belongs to, and 256 bits that prove it.

48 bytes as 64 characters of URL-safe base64: the code's UUID and the derived MAC.
Finding the row needs no stored digest, and a row's id without the MAC is nothing.

One token in 32 ends in `-` or `_`, which programs that find links in a text take for
the sentence's and leave off. So the link is printed with a `/` behind it.
"""

import base64
import hmac
import uuid
from typing import cast

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from activation.codes.derivation import derive
from activation.models import ActivationCode, AddressChange
from counter.email.mailed_links import split_token

_UUID_BYTES = 16


def _mac(row: ActivationCode | AddressChange) -> bytes:
    purpose = "link" if isinstance(row, ActivationCode) else "old address"
    return derive(kid=row.key_id, purpose=purpose, nonce=bytes(row.nonce))


def token(row: ActivationCode | AddressChange) -> str:
    """The 64 characters that go into the link."""
    return base64.urlsafe_b64encode(row.pk.bytes + _mac(row)).decode()


def url(code: ActivationCode, *, language: str) -> str:
    """The whole link, for a mail in this language."""
    with translation.override(language):
        path = reverse("activation_journey:open_link", args=[token(code)])
    return f"{settings.SITE_URL}{path}"


def refusal_url(change: AddressChange, *, language: str) -> str:
    """Where the old address says that it did not ask for the change."""
    with translation.override(language):
        path = reverse("activation_journey:open_refusal", args=[token(change)])
    return f"{settings.SITE_URL}{path}"


def find(presented: str) -> ActivationCode | None:
    """The code a token belongs to, whatever its state; None when it is invented.

    `presented` is what came where the token belongs: what a mail program or a person
    left around it or broke into it is looked past (counter.email.mailed_links).
    """
    return _find(presented, ActivationCode)


def find_change(presented: str) -> AddressChange | None:
    """As `find`, of the mail to an address that was changed."""
    return _find(presented, AddressChange)


@sensitive_variables()
def _find[Row: ActivationCode | AddressChange](
    presented: str, model: type[Row]
) -> Row | None:
    read, _behind = split_token(presented)
    if not read:
        return None
    raw = base64.urlsafe_b64decode(read)
    pk = uuid.UUID(bytes=raw[:_UUID_BYTES])
    rows = cast("models.Manager[Row]", model._default_manager)
    row = rows.filter(pk=pk).first()
    if row is None or row.key_id not in settings.DERIVATION_KEYS:
        return None
    if not hmac.compare_digest(_mac(row), raw[_UUID_BYTES:]):
        return None
    return row
