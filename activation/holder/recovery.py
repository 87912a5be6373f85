"""The mail for a forgotten password: digits for the session that asked, and a link.

Anybody who knows a user name can ask for this mail. So the digits and the tries belong
to the session that asked: another session that asks, or types wrong digits, does not
end them. Only the limit of mails for a mailbox is shared. When it is reached, a link
from an earlier mail still works (activation.holder.recovery_links).
"""

import uuid
from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from activation.enums import Purpose
from activation.exceptions import OneTimeCodeError, TooManyCodesError
from activation.models import KeyHolder
from activation.one_time import holder_codes


@sensitive_variables()
def ask(
    *, holder: KeyHolder | None, before: uuid.UUID | None, at: datetime
) -> uuid.UUID:
    """Send the mail; return the id of the one-time code that belongs to this session.

    `before` is the id that the session had until now. For an unknown name, or when too
    many mails were sent, no mail is sent. The answer does not reveal that: it is
    `before`, or a random id that belongs to no code.
    """
    if holder is not None and holder.email:
        try:
            sent = holder_codes.request_code(
                holder=holder, purpose=Purpose.RECOVER, instead_of=before, at=at
            )
        except TooManyCodesError:
            return before or uuid.uuid4()
        return sent.pk
    return before or uuid.uuid4()


@sensitive_variables()
def digits_are_right(
    *, holder: KeyHolder | None, code_id: uuid.UUID, typed: str, at: datetime
) -> bool:
    """Whether `typed` are the digits of this session's code; uses them up if so.

    The answer gives no reason, so that it does not reveal whether the account exists.
    Must not be called inside a transaction.
    """
    if holder is None:
        return False
    try:
        holder_codes.use_code(
            holder=holder, purpose=Purpose.RECOVER, typed=typed, only=code_id, at=at
        )
    except OneTimeCodeError:
        return False
    return True
