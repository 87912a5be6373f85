"""The browser that somebody signs in with, and whether they did so before."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from activation.devices import describe
from activation.models import KeyHolder
from activation.services.holder_signing_in import Device

KNOWN_FOR: Final = timedelta(days=183)

_MOST_KNOWN: Final = 5
_SALT: Final = "activation.device"


def _cookie() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"


def _known(request: HttpRequest) -> list[str]:
    """Ids of holders who signed in here, signed: nobody writes one in."""
    value = request.get_signed_cookie(
        _cookie(), "", salt=_SALT, max_age=int(KNOWN_FOR.total_seconds())
    )
    return (value or "").split()


def device_of(request: HttpRequest, holder: KeyHolder | None = None) -> Device:
    device, browser = describe(request.headers.get("User-Agent", ""))
    is_new = holder is not None and holder.pk.hex not in _known(request)
    return Device(device, browser, is_new)


def remember_device(
    request: HttpRequest, response: HttpResponse, holder: KeyHolder
) -> None:
    others = [known for known in _known(request) if known != holder.pk.hex]
    response.set_signed_cookie(
        _cookie(),
        " ".join([holder.pk.hex, *others][:_MOST_KNOWN]),
        salt=_SALT,
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
