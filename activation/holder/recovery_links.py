"""The link in the mail for a forgotten password: it shows the mailbox, as digits do.

It opens for a day, longer than the digits beside it, so that whoever uses up the mails
of a day has had a way in sent to the holder each time. Opening it changes nothing,
however often and by whatever; it ends with a new password and with another contact
address.
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
    """The code of a link that opens now; None for any other.

    `presented` may have around it what mail programs leave
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
    """The code with this id, as long as its link opens."""
    mailed = OneTimeCode.objects.opening(at).select_related("holder__applicant")
    code = mailed.filter(pk=pk).first()
    if code is None or code.holder is None:
        return None
    if code.key_id_used not in settings.DERIVATION_KEYS:
        return None
    return code if holders_shown_by(code) else None


@sensitive_variables()
def holders_shown_by(code: OneTimeCode) -> list[KeyHolder]:
    """The accounts of the mailbox that this code was sent to.

    Only those that have that address still and no newer password. The account it was
    asked for comes first, then others with the same contact address. A new password of
    one account ends the link for that account only: it may be the only way in of the
    others when the mailbox gets no more mails today.
    """
    if code.holder is None:
        return []
    email = code.holder.email
    if bytes(code.destination_index) not in destination_indexes(email):
        return []
    since = HolderChange.objects.filter(
        holder=OuterRef("pk"), what=Change.PASSWORD, at__gte=code.requested_at
    )
    shown = KeyHolder.objects.at_address(email).exclude(Exists(since))
    by_name = shown.select_related("applicant").order_by("user_name")
    return sorted(by_name, key=lambda holder: holder.pk != code.holder_id)
