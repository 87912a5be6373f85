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
    """Have the mail sent; returns the id of the code that belongs to this session.

    `before` is the id that the session had. No mail leaves for an unknown name or when
    too many were sent, and the answer does not show it: the session keeps its id, or
    gets one that belongs to no code.
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
    """Whether these are the session's own digits, which then are used up.

    It is never said why they are not right.

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
