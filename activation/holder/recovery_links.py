"""The link in the mail for a forgotten password. It proves access to the mailbox.

It works for a day, longer than the digits in the same mail: a stranger who uses up the
day's mails thereby sends the holder a link that still works. Opening the link changes
nothing, so mail scanners may open it. It stops working when the account gets a new
password or another contact address.
"""

import hmac
import uuid
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from activation.codes.derivation import derive
from activation.enums import Change
from activation.models import HolderChange, KeyHolder, OneTimeCode
from activation.one_time.destinations import destination_indexes
from counter.email import mailed_links


def _mac(code: OneTimeCode) -> bytes:
    nonce = bytes(code.nonce)
    return derive(kid=code.key_id_used, purpose="recovery link", nonce=nonce)


def token(code: OneTimeCode) -> str:
    """The 64 characters that go into the link."""
    return mailed_links.pack(code.pk, _mac(code))


def url(code: OneTimeCode, *, language: str) -> str:
    """The whole link, for a mail in this language."""
    with translation.override(language):
        return mailed_links.url("activation_holder:open_mail", token(code))


@sensitive_variables()
def find(presented: str, *, at: datetime) -> OneTimeCode | None:
    """The one-time code of a link that works at `at`; None for any other token.

    `presented` may have extra characters around the token, as mail programs leave them
    (counter.email.mailed_links).
    """
    if (read := mailed_links.unpack(presented)) is None:
        return None
    pk, mac = read
    code = good(pk, at=at)
    if code is None or not hmac.compare_digest(_mac(code), mac):
        return None
    return code


@sensitive_variables()
def good(pk: uuid.UUID, *, at: datetime) -> OneTimeCode | None:
    """The one-time code with this id if its link works at `at`; otherwise None."""
    mailed = OneTimeCode.objects.opening(at).select_related("holder__applicant")
    code = mailed.filter(pk=pk).first()
    if code is None or code.holder is None:
        return None
    if code.key_id_used not in settings.DERIVATION_KEYS:
        return None
    return code if holders_of_link(code) else None


@sensitive_variables()
def holders_of_link(code: OneTimeCode) -> list[KeyHolder]:
    """The accounts for which the link of this code works.

    They have the contact address to which the code was sent and got no new password
    since. The account for which the code was requested comes first. A new password of
    one account ends the link for that account only, because the others may need it when
    the mailbox gets no more mails today.
    """
    if code.holder is None:
        return []
    email = code.holder.email
    if bytes(code.destination_index) not in destination_indexes(email):
        return []
    since = HolderChange.objects.filter(
        holder=OuterRef("pk"), act=Change.PASSWORD, at__gte=code.requested_at
    )
    holders = KeyHolder.objects.at_address(email).exclude(Exists(since))
    by_name = holders.select_related("applicant").order_by("user_name")
    return sorted(by_name, key=lambda holder: holder.pk != code.holder_id)
