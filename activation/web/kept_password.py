"""A password that was good, on a page that comes back because something else was wrong.

Nobody types it twice for a user name that somebody has. The page carries it sealed, in
a hidden field: readable here alone, for this account or code and for an hour, and no
table of ours ever holds it (docs/decisions/092-a-password-comes-back-sealed.md).
"""

import base64
import json
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import UnsealError, seal, unseal

KEPT_FOR: Final = timedelta(hours=1)
#: What a password is bound to in the place of a table and its column.
_PAGE: Final = "page of a password"
_FIELD: Final = "kept"


@sensitive_variables()
def close(password: str, *, of: uuid.UUID, at: datetime) -> str:
    """The password for a hidden field; `of` is whose page it is, a holder or a code."""
    plain = json.dumps([password, at.timestamp()])
    sealed = seal(plain, table=_PAGE, column=_FIELD, row=of)
    return base64.urlsafe_b64encode(sealed).decode()


@sensitive_variables()
def read(posted: str, *, of: uuid.UUID, at: datetime) -> str:
    """The password again; "" for what is too old, of another page, or made up."""
    try:
        sealed = base64.urlsafe_b64decode(posted)
        plain = unseal(sealed, table=_PAGE, column=_FIELD, row=of)
    except (ValueError, UnsealError):
        return ""
    password, closed = json.loads(plain)
    is_fresh = timedelta(0) <= at - datetime.fromtimestamp(closed, at.tzinfo) < KEPT_FOR
    return str(password) if is_fresh else ""
