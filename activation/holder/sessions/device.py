"""The browser of a request, and whether the account knows it."""

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

#: How many accounts the cookie remembers, those that signed in last. That is enough for
#: a computer that many people use: no account is dropped within a day.
MOST_KNOWN: Final = 30

_SALT: Final = "activation.device"
_MAILED_LINK: Final = "holder_mailed_link"


@dataclass(frozen=True)
class MailedLink:
    """The recovery link that was opened in this browser, by the id of its code.

    It stays in the session after signing in or out, because it is about the browser.
    """

    code_id: uuid.UUID

    @classmethod
    def load(cls, request: HttpRequest) -> "MailedLink | None":
        return unpack(cls, request.session.get(_MAILED_LINK))

    def save(self, request: HttpRequest) -> None:
        request.session[_MAILED_LINK] = pack(self)


def let_in(request: HttpRequest, code_id: uuid.UUID) -> None:
    """Note that a recovery link was opened in this browser.

    Its tries are then counted under the id of the link, so that wrong tries elsewhere
    do not block it. Browsers that open the same link share a count.
    """
    MailedLink(code_id).save(request)


def _cookie() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"


def _known(request: HttpRequest) -> dict[str, str]:
    """The ids of this browser by the holder's id in hex, from its signed cookie."""
    value = request.get_signed_cookie(
        _cookie(), "", salt=_SALT, max_age=int(BROWSER_KNOWN_FOR.total_seconds())
    )
    entries = (entry.partition(":") for entry in (value or "").split())
    return {holder: browser for holder, _colon, browser in entries}


@sensitive_variables()
def known_as(request: HttpRequest, user_name: str) -> str:
    """The id under which this browser's wrong passwords for the name are counted.

    "" when the account does not know the browser, that is, when it neither signed in
    here before nor had its recovery link opened here. The id includes the session
    epoch, so that everything that ends the sessions, such as a new password, begins a
    new count.

    The name is compared with the accounts of this browser only and not looked up in the
    database, so that a known and an unknown name take the same time.
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
    """The accounts for which a recovery link was opened here, with the link's id."""
    opened = MailedLink.load(request)
    mailed = recovery_links.good(opened.code_id, at=timezone.now()) if opened else None
    if mailed is None:
        return {}
    holders = recovery_links.holders_of_link(mailed)
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
