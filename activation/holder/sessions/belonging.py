"""A form belongs to the account that it was shown for.

Two holders use one browser in two tabs, and the second one's sign-in takes the first
one's place in the session. What the first one still has on the screen must then do
nothing: it would change somebody else's account, or cost them a try.
"""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from activation.holder.sessions.holder_session import HolderSession
from activation.web import pages

#: The field of each form that names whose page it was on.
FIELD: Final = "account"

_REFERENCE: Final = 22


def reference(request: HttpRequest) -> str:
    """A reference to the account of these pages; "" when there is none.

    The session of an account that does not exist has one too, so nothing shows.
    """
    here = HolderSession.load(request)
    if here is None:
        return ""
    pk = str(here.holder_id)
    return salted_hmac(__name__, pk, algorithm="sha256").hexdigest()[:_REFERENCE]


def is_of_another(request: HttpRequest) -> bool:
    """Whether a form was shown for somebody else than who is in this session now."""
    shown_for = request.POST.get(FIELD, "") if request.method == "POST" else ""
    now = reference(request)
    return bool(shown_for and now) and not constant_time_compare(shown_for, now)


def refuse(request: HttpRequest, to: str) -> HttpResponse:
    """On to the page `to`, which says that nothing was done."""
    messages.warning(
        request,
        _(
            "That page belonged to another account, which is no longer open in this "
            "browser. Nothing was changed."
        ),
    )
    return pages.see_other(to)
