"""Keeping a valid password on a form that is shown again because of another error.

For example when the user name is taken: the person need not type the password again.
The page has it encrypted in a hidden field. Only the server can read it, for this
account or code and for an hour, and it is never stored in the database
(docs/decisions/092-a-password-comes-back-sealed.md).
"""

import base64
import json
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import UnknownKeyError, UnsealError, seal, unseal

KEPT_FOR: Final = timedelta(hours=1)
#: The names that the encryption uses in place of a table and a column.
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
    except (ValueError, UnsealError, UnknownKeyError):
        # A visitor can name any key, so an unknown one is no reason to answer 503.
        return ""
    password, closed = json.loads(plain)
    is_fresh = timedelta(0) <= at - datetime.fromtimestamp(closed, at.tzinfo) < KEPT_FOR
    return str(password) if is_fresh else ""
