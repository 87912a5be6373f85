"""Recognises computers on which an account has signed in before, by a cookie.

A computer gets the cookie after a complete sign-in. Its wrong tries are then counted
apart from those of strangers (counter.sign_in.tries). The cookie gives no access. A
person who copies it shares the counter of that computer until its next sign-in, and has
no more tries than others; after that sign-in the copy is worthless.

Counter computers are shared, so one cookie holds several accounts: for each a keyed
digest of the user name, and an id unique to this computer, which each sign-in replaces.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from counter.crypto import encryption
from counter.models import Clerk, KnownComputer

#: The longest time that browsers keep a cookie; each sign-in renews it.
KNOWN_FOR: Final = timedelta(days=400)
#: How many accounts one cookie holds, the last ones to sign in. Browsers refuse cookies
#: of more than 4096 bytes; these take half of that.
MOST_KNOWN: Final = 30

_SALT: Final = "counter.sign_in.known_devices"
_PURPOSE: Final = "user name of a known computer"
_NAME_BYTES: Final = 16


def cookie_name() -> str:
    return "__Host-computer" if settings.SESSION_COOKIE_SECURE else "computer"


@sensitive_variables()
def find(request: HttpRequest, user_name: str) -> str:
    """Return the key of the KnownComputer of this request and account, or "".

    It is "" when the account never signed in here, or has signed in since then with
    another copy of this cookie.
    """
    id_ = _id_of(_known(request), user_name)
    if not id_:
        return ""
    rows = _in_force(timezone.now()).filter(mark=_mark(id_))
    return str(rows.values_list("pk", flat=True).first() or "")


@sensitive_variables()
def find_any(request: HttpRequest) -> str:
    """Return the key of a KnownComputer of this request, of any account, or ""."""
    marks = [_mark(id_) for id_ in _known(request).values()]
    rows = _in_force(timezone.now()).filter(mark__in=marks) if marks else None
    return str((rows and rows.values_list("pk", flat=True).first()) or "")


@sensitive_variables()
def remember(request: HttpRequest, response: HttpResponse, clerk: Clerk) -> None:
    """Set the cookie after a complete sign-in, with a new id for this account."""
    names, known, now = _names(clerk.get_username()), _known(request), timezone.now()
    old, new = _id_of(known, clerk.get_username()), secrets.token_urlsafe(12)
    rows = _in_force(now).filter(clerk=clerk, mark=_mark(old))
    if not rows.update(mark=_mark(new), signed_in_at=now):
        KnownComputer.objects.create(clerk=clerk, mark=_mark(new), signed_in_at=now)
    others = {name: id_ for name, id_ in known.items() if name not in names}
    known = {names[0]: new, **others}
    entries = [f"{name}:{id_}" for name, id_ in known.items()]
    response.set_signed_cookie(
        cookie_name(),
        " ".join(entries[:MOST_KNOWN]),
        salt=_SALT,
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _in_force(at: datetime) -> QuerySet[KnownComputer]:
    return KnownComputer.objects.filter(signed_in_at__gt=at - KNOWN_FOR)


@sensitive_variables()
def _known(request: HttpRequest) -> dict[str, str]:
    """The ids in the signed cookie, by digest of the user name, last sign-in first."""
    value = request.get_signed_cookie(
        cookie_name(), "", salt=_SALT, max_age=int(KNOWN_FOR.total_seconds())
    )
    entries = (entry.partition(":") for entry in (value or "").split())
    return {name: id_ for name, _colon, id_ in entries}


@sensitive_variables()
def _id_of(known: dict[str, str], user_name: str) -> str:
    return next((known[name] for name in _names(user_name) if name in known), "")


def _mark(id_: str) -> bytes:
    """The hash of an id. The database has only the hash, so a copy of the database does
    not help to imitate a known computer.
    """
    return hashlib.sha256(id_.encode()).digest()


@sensitive_variables()
def _names(user_name: str) -> list[str]:
    """The digests of a user name with each key; the cookie gets the first one."""
    digests = encryption.indexes(user_name, purpose=_PURPOSE).values()
    return [digest[:_NAME_BYTES].hex() for digest in digests]
