"""Which browsers an account has signed in with: a row for each, with what its cookie
holds now.

A browser earns its row with a whole sign-in, password and key. Each sign-in gives it
another id, so of several copies of its cookie the newest is known and the others are a
stranger's. Nobody pushes one out by trying; of more than MOST the one that was unused
longest goes.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.models import KeyHolder, KnownBrowser

#: Browsers of one account: more than a person has, at home and in libraries.
MOST: Final = 20


@sensitive_variables()
def find(ids: Mapping[str, str], *, at: datetime) -> dict[KeyHolder, KnownBrowser]:
    """Whose browser this is; `ids` are those in its cookie, by the holder's in hex.

    One look, whatever is typed beside it.
    """
    if not ids:
        return {}
    rows = KnownBrowser.objects.in_force(at).select_related("holder")
    browsers = rows.filter(mark__in=[_mark(id_) for id_ in ids.values()])
    return {
        browser.holder: browser
        for browser in browsers
        if bytes(browser.mark) == _mark(ids.get(browser.holder_id.hex, ""))
    }


@transaction.atomic
@sensitive_variables()
def renew(*, holder: KeyHolder, before: str, at: datetime) -> str:
    """The holder signed in here: the browser's next id; `before` is the one it has."""
    new = secrets.token_urlsafe(12)
    own = KnownBrowser.objects.filter(holder=holder)
    same = own.in_force(at).filter(mark=_mark(before))
    if not same.update(mark=_mark(new), signed_in_at=at):
        KnownBrowser.objects.create(holder=holder, mark=_mark(new), signed_in_at=at)
        times = own.order_by("-signed_in_at").values_list("signed_in_at", flat=True)
        for last_kept in times[MOST - 1 : MOST]:
            # Compared again where it waited: one that signed in meanwhile stays.
            own.filter(signed_in_at__lt=last_kept).delete()
    return new


def _mark(id_: str) -> bytes:
    """What is kept of an id: a copy of the database knows no browser."""
    return hashlib.sha256(id_.encode()).digest()
