"""The browsers with which a holder has signed in before.

Each has a row, found by the id in the browser's cookie. A browser gets its row after a
complete sign-in, with password and key. Each sign-in gives it a new id, so that a
stolen copy of an older cookie is no longer known. Failed tries never remove a row. When
an account has more than MOST browsers, the one unused longest is removed.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.models import KeyHolder, KnownBrowser

#: How many browsers of an account are kept: more than a person normally uses.
MOST: Final = 20


@sensitive_variables()
def find(ids: Mapping[str, str], *, at: datetime) -> dict[KeyHolder, KnownBrowser]:
    """The known browsers that match the cookie, by holder.

    `ids` has the ids in the cookie by the holder's id in hex. The query does not depend
    on the user name that is typed, so that its duration reveals nothing about the name.
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
            # DELETE checks the condition again, so a browser that signed in meanwhile
            # stays.
            own.filter(signed_in_at__lt=last_kept).delete()
    return new


def _mark(id_: str) -> bytes:
    """The digest of an id. Only this is stored, so a stolen database has no ids."""
    return hashlib.sha256(id_.encode()).digest()
