"""The browsers that signed in to an account before: a row for each, by its cookie's id.

A browser gets its row by a complete sign-in, password and key. Each sign-in gives it a
new id, so a stolen copy of an older cookie counts as a stranger's. Failed tries never
remove a row; of more than MOST the one unused longest goes.
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
    """Whose browser this is; `ids` are those in its cookie, by the holder's id in hex.

    The query does not depend on the user name that is typed beside it, so its time
    tells nothing about that name.
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
    """Give the browser its next id after a sign-in; `before` is the one it has."""
    new = secrets.token_urlsafe(12)
    own = KnownBrowser.objects.filter(holder=holder)
    same = own.in_force(at).filter(mark=_mark(before))
    if not same.update(mark=_mark(new), signed_in_at=at):
        KnownBrowser.objects.create(holder=holder, mark=_mark(new), signed_in_at=at)
        times = own.order_by("-signed_in_at").values_list("signed_in_at", flat=True)
        for last_kept in times[MOST - 1 : MOST]:
            # Compare again behind the lock: a browser that signed in meanwhile stays.
            own.filter(signed_in_at__lt=last_kept).delete()
    return new


def _mark(id_: str) -> bytes:
    """The digest that is stored of an id, so a copied database has no cookie's id."""
    return hashlib.sha256(id_.encode()).digest()
