"""The link in the mail: which code it belongs to, proved by a MAC of its nonce."""

import hmac
from typing import cast

from django.conf import settings
from django.db import models
from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from activation.codes.derivation import derive
from activation.models import ActivationCode, AddressChange
from counter.email import mailed_links


def _mac(row: ActivationCode | AddressChange) -> bytes:
    purpose = "link" if isinstance(row, ActivationCode) else "old address"
    return derive(kid=row.key_id, purpose=purpose, nonce=bytes(row.nonce))


def token(row: ActivationCode | AddressChange) -> str:
    """The 64 characters that go into the link."""
    return mailed_links.pack(row.pk, _mac(row))


def url(code: ActivationCode, *, language: str) -> str:
    """The whole link, for a mail in this language."""
    with translation.override(language):
        return mailed_links.url("activation_journey:open_link", token(code))


def refusal_url(change: AddressChange, *, language: str) -> str:
    """The whole link with which the old address can object to the change."""
    with translation.override(language):
        return mailed_links.url("activation_journey:open_refusal", token(change))


def find(presented: str) -> ActivationCode | None:
    """The code that a token belongs to, in any state; None for an invalid token.

    `presented` may have extra characters around the token, as mail programs leave them
    (counter.email.mailed_links).
    """
    return _find(presented, ActivationCode)


def find_change(presented: str) -> AddressChange | None:
    """Like `find`, for the token in the mail to the old address after a change."""
    return _find(presented, AddressChange)


@sensitive_variables()
def _find[Row: ActivationCode | AddressChange](
    presented: str, model: type[Row]
) -> Row | None:
    if (read := mailed_links.unpack(presented)) is None:
        return None
    pk, mac = read
    rows = cast("models.Manager[Row]", model._default_manager)
    row = rows.filter(pk=pk).first()
    if row is None or row.key_id not in settings.DERIVATION_KEYS:
        return None
    return row if hmac.compare_digest(_mac(row), mac) else None
