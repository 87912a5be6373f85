"""The mail for a forgotten password: digits for the session that asked, and a link.

Everybody who knows a name can ask for it. So the digits, and the tries at them, belong
to the session that asked: somebody else's wrong digits, or somebody else's asking, end
nobody's. What everybody shares is how many mails a mailbox gets; when they are used
up, a link that was mailed before is still good (activation.holder.recovery_links).
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
    """Have the mail sent; the id that this session's digits are compared by.

    `before` is what it had. For nobody, and when too many were sent, no mail leaves,
    which the answer does not tell: then what the session had stays good, and one that
    had nothing gets an id that no digits belong to.
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
    """Use the session's own digits up; why they are not right is never said.

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
