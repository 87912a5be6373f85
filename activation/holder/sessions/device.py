"""The browser that somebody signs in with, and whether it signed in before."""

import uuid
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from activation.holder import known_browsers, recovery_links
from activation.holder.devices import describe
from activation.holder.signing_in import Device
from activation.models import KeyHolder
from activation.querysets import BROWSER_KNOWN_FOR
from activation.web.session_entry import pack, unpack

#: Accounts that one browser remembers, the last ones to sign in. Each has earned it
#: with password and key, and at a computer that many use none is pushed out in a day.
MOST_KNOWN: Final = 30

_SALT: Final = "activation.device"
_MAILED_LINK: Final = "holder_mailed_link"


@dataclass(frozen=True)
class MailedLink:
    """The link of a mail that was opened here, by the id of its code.

    It stays when somebody signs in or out: it is about the browser.
    """

    code_id: uuid.UUID

    @classmethod
    def load(cls, request: HttpRequest) -> "MailedLink | None":
        return unpack(cls, request.session.get(_MAILED_LINK))

    def save(self, request: HttpRequest) -> None:
        request.session[_MAILED_LINK] = pack(self)


def let_in(request: HttpRequest, code_id: uuid.UUID) -> None:
    """Let this browser in by the mail's link: wrong tries elsewhere close nothing here.

    Its tries are counted by the link's id, so browsers that open one link share a
    count.
    """
    MailedLink(code_id).save(request)


def _cookie() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"


def _known(request: HttpRequest) -> dict[str, str]:
    """The ids of the browser, by the holders who signed in here; signed."""
    value = request.get_signed_cookie(
        _cookie(), "", salt=_SALT, max_age=int(BROWSER_KNOWN_FOR.total_seconds())
    )
    entries = (entry.partition(":") for entry in (value or "").split())
    return {holder: browser for holder, _colon, browser in entries}


@sensitive_variables()
def known_as(request: HttpRequest, user_name: str) -> str:
    """What this browser's tries at a password are counted by; "" for a stranger's.

    The account signed in here before, or its mail's link was opened here. A new
    password, like all that ends the sessions, begins the count anew.

    Looked for among the accounts of this browser, and never by the name: then a name
    that others have and one that nobody has are the same work.
    """
    ids = {**_signed_in_here(request), **_let_in_here(request)}
    typed = user_name.strip().lower()
    for holder, browser in ids.items():
        if holder.user_name.lower() == typed:
            return f"{browser} {holder.session_epoch}"
    return ""


def _signed_in_here(request: HttpRequest) -> dict[KeyHolder, str]:
    browsers = known_browsers.find(_known(request), at=timezone.now())
    return {holder: f"browser {browser.pk}" for holder, browser in browsers.items()}


def _let_in_here(request: HttpRequest) -> dict[KeyHolder, str]:
    """The accounts of the mailbox whose link was opened here, by the link's own id."""
    opened = MailedLink.load(request)
    mailed = recovery_links.good(opened.code_id, at=timezone.now()) if opened else None
    if mailed is None:
        return {}
    holders = recovery_links.holders_shown_by(mailed)
    return dict.fromkeys(holders, f"link {mailed.pk}")


def device_of(request: HttpRequest, holder: KeyHolder | None = None) -> Device:
    device, browser = describe(request.headers.get("User-Agent", ""))
    is_new = holder is not None and holder not in _signed_in_here(request)
    return Device(device, browser, is_new)


def remember_device(
    request: HttpRequest, response: HttpResponse, holder: KeyHolder
) -> None:
    known = _known(request)
    before = known.pop(holder.pk.hex, "")
    id_ = known_browsers.renew(holder=holder, before=before, at=timezone.now())
    known = {holder.pk.hex: id_, **known}
    entries = [f"{holder_id}:{browser_id}" for holder_id, browser_id in known.items()]
    response.set_signed_cookie(
        _cookie(),
        " ".join(entries[:MOST_KNOWN]),
        salt=_SALT,
        max_age=int(BROWSER_KNOWN_FOR.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
