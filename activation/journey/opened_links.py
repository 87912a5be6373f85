"""The links that were opened in this browser, and which of them a request is about.

A browser can have several: two people share a tablet, or one person has an old link and
a new one. So a cookie holds each link that was opened within the hour, and every page
and form of the journey names its link by a reference
(docs/decisions/027-a-form-belongs-to-its-link.md). The reference is a keyed digest of
the code's id. It stands in addresses, and gives no access without the cookie.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

FOR: Final = timedelta(minutes=60)
#: The name of the reference, in addresses and in forms.
PARAMETER: Final = "link"
#: The largest number of links in the cookie, more than a household opens within an
#: hour. The oldest is dropped first.
MOST: Final = 8

_SALT: Final = "activation.codes.links"
_LOCKED_HERE: Final = "locked"
_REFERENCE: Final = 22


@dataclass(frozen=True)
class Opened:
    """A link that was opened in this browser. `at` is in seconds since 1970.

    `locked_here`: the wrong code that locked the code was typed in this browser.
    """

    code_id: uuid.UUID
    at: int
    locked_here: bool = False

    def __str__(self) -> str:
        parts = [self.code_id.hex, f"{self.at:x}"]
        return ".".join([*parts, _LOCKED_HERE] if self.locked_here else parts)


# Which link


def reference(code_id: uuid.UUID) -> str:
    """The reference by which pages and forms name this code's link."""
    digest = salted_hmac(
        "activation.journey.opened_links", code_id.hex, algorithm="sha256"
    )
    return digest.hexdigest()[:_REFERENCE]


def named(request: HttpRequest) -> str:
    """The reference in the posted form, else in the address; "" without one."""
    posted = request.POST.get(PARAMETER, "") if request.method == "POST" else ""
    return (posted or request.GET.get(PARAMETER, ""))[:_REFERENCE]


def choose(request: HttpRequest, among: Iterable[uuid.UUID]) -> uuid.UUID | None:
    """The code in `among` that the request names; without a reference the only one.

    None when the named code is not in `among`, or when there is no reference and
    `among` has several codes: a wrong guess would use up another person's try.
    """
    codes = list(dict.fromkeys(among))
    if wanted := named(request):
        meant = (
            code for code in codes if constant_time_compare(reference(code), wanted)
        )
        return next(meant, None)
    return codes[0] if len(codes) == 1 else None


def address(name: str, link: str, /, *args: object, **query: str) -> str:
    """The address of the page `name`, for the link with the reference `link`."""
    query |= {PARAMETER: link} if link else {}
    path = reverse(f"activation_journey:{name}", args=args)
    return f"{path}?{urlencode(query)}" if query else path


# The cookie


def _cookie() -> str:
    return "__Host-activation" if settings.SESSION_COOKIE_SECURE else "activation"


def opened(request: HttpRequest) -> list[Opened]:
    """The links in the cookie that were opened within the hour, the newest last.

    Empty when the cookie's signature is wrong.
    """
    seconds = int(FOR.total_seconds())
    value = request.get_signed_cookie(_cookie(), "", salt=_SALT, max_age=seconds)
    now = int(timezone.now().timestamp())
    links = []
    for entry in (value or "").split("~"):
        match entry.split("."):
            case [code, at, *locked]:
                link = Opened(uuid.UUID(hex=code), int(at, 16), bool(locked))
                if now - link.at <= seconds:
                    links.append(link)
    return links


def find(request: HttpRequest, code_id: uuid.UUID) -> Opened | None:
    """The link of this code if it was opened here within the hour; otherwise None."""
    return next((link for link in opened(request) if link.code_id == code_id), None)


def remember(
    request: HttpRequest,
    response: HttpResponse,
    code_id: uuid.UUID,
    *,
    locked_here: bool = False,
) -> None:
    """Add the link of this code to the cookie, as opened now."""
    now = Opened(code_id, int(timezone.now().timestamp()), locked_here)
    others = [link for link in opened(request) if link.code_id != code_id]
    _keep(response, [*others, now][-MOST:])


def forget(request: HttpRequest, response: HttpResponse, code_id: uuid.UUID) -> None:
    others = [link for link in opened(request) if link.code_id != code_id]
    if others:
        _keep(response, others)
    else:
        response.delete_cookie(_cookie(), path="/", samesite="Lax")


def _keep(response: HttpResponse, links: list[Opened]) -> None:
    response.set_signed_cookie(
        _cookie(),
        "~".join(str(link) for link in links),
        salt=_SALT,
        max_age=int(FOR.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
