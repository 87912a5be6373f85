"""Refusing a form that was shown for another account.

When two holders use one browser in two tabs, the second sign-in replaces the first in
the session. A form that the first holder still has open must then do nothing: it would
change the second holder's account, or count as a wrong try of theirs.
"""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from activation.holder.sessions.holder_session import HolderSession
from activation.web import pages

#: The form field with the reference to the account for which the page was shown.
FIELD: Final = "account"

_REFERENCE: Final = 22


def reference(request: HttpRequest) -> str:
    """A reference to the account in this session; "" without one.

    During a recovery for an unknown name there is a reference too, so that it does not
    reveal whether the account exists.
    """
    here = HolderSession.load(request)
    if here is None:
        return ""
    pk = str(here.holder_id)
    return salted_hmac(__name__, pk, algorithm="sha256").hexdigest()[:_REFERENCE]


def is_of_another(request: HttpRequest) -> bool:
    """Whether a form was shown for another account than the one in this session."""
    shown_for = request.POST.get(FIELD, "") if request.method == "POST" else ""
    now = reference(request)
    return bool(shown_for and now) and not constant_time_compare(shown_for, now)


def refuse(request: HttpRequest, to: str) -> HttpResponse:
    """Redirect to the page `to`, with a message that nothing was changed."""
    messages.warning(
        request,
        _(
            "That page belonged to another account, which is no longer open in this "
            "browser. Nothing was changed."
        ),
    )
    return pages.see_other(to)
