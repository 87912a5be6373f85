"""The link in the mail: which code it belongs to, and 256 bits that prove it.

48 bytes as 64 characters of URL-safe base64: the code's UUID and the derived MAC.
Finding the row needs no stored digest, and a row's id without the MAC is nothing.
"""

import base64
import binascii
import hmac
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from activation.derivation import derive
from activation.models import ActivationCode

_UUID_BYTES = 16
_TOKEN_BYTES = _UUID_BYTES + 32
_TOKEN_CHARACTERS = 64


def _mac(code: ActivationCode) -> bytes:
    return derive(kid=code.key_id, purpose="link", nonce=bytes(code.nonce))


def token(code: ActivationCode) -> str:
    """The 64 characters that go into the link."""
    return base64.urlsafe_b64encode(code.pk.bytes + _mac(code)).decode()


def url(code: ActivationCode, *, language: str) -> str:
    """The whole link, for a mail in this language."""
    with translation.override(language):
        path = reverse("activation:open_link", args=[token(code)])
    return f"{settings.SITE_URL}{path}"


def find(presented: str) -> ActivationCode | None:
    """The code a token belongs to, whatever its state; None when it is invented."""
    if len(presented) != _TOKEN_CHARACTERS:
        return None
    try:
        raw = base64.urlsafe_b64decode(presented.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return None
    if len(raw) != _TOKEN_BYTES:
        return None
    pk = uuid.UUID(bytes=raw[:_UUID_BYTES])
    code = ActivationCode.objects.filter(pk=pk).first()
    if code is None or code.key_id not in settings.DERIVATION_KEYS:
        return None
    if not hmac.compare_digest(_mac(code), raw[_UUID_BYTES:]):
        return None
    return code
