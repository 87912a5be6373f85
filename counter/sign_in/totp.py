"""TOTP (RFC 6238): the six digits of an authenticator app.

It uses SHA-1, a 160-bit secret, 6 digits and steps of 30 seconds, and accepts one step
before and after, for clocks that are wrong (docs/security.md#authenticator-apps). The
caller has to ensure that each step is accepted only once.
"""

import hmac
import io
from datetime import datetime
from typing import Final

import pyotp
import segno
from django.views.decorators.debug import sensitive_variables

STEP_SECONDS: Final = 30
# How far a wrong clock is searched: a clock set by hand may be wrong by minutes, or by
# an hour after the end of summer time.
_CLOCK_STEPS: Final = 65 * 60 // STEP_SECONDS
# Digits of up to two minutes ago may just be typed late, with a right clock. Digits of
# the future always mean a wrong clock.
_TYPED_LATE: Final = 4
_SECRET_CHARACTERS: Final = 32  # of base32: 160 bits
_GROUP: Final = 4


def new_secret() -> str:
    """160 random bits in base32."""
    return str(pyotp.random_base32(length=_SECRET_CHARACTERS))


def step_at(at: datetime) -> int:
    """The number of the 30-second step that `at` is in."""
    return int(at.timestamp()) // STEP_SECONDS


@sensitive_variables()
def digits(secret: str, step: int) -> str:
    """The six digits of one step."""
    return str(pyotp.TOTP(secret).generate_otp(step))


@sensitive_variables()
def matching_step(secret: str, typed: str, *, at: datetime) -> int | None:
    """The step of the typed digits: the present, previous or next one; or None."""
    now = step_at(at)
    matching = None
    for step in (now - 1, now + 1, now):  # no early exit: each call takes as long
        if hmac.compare_digest(digits(secret, step), typed):
            matching = step
    return matching


@sensitive_variables()
def minutes_off(secret: str, typed: str, *, at: datetime) -> int | None:
    """By how many minutes the phone's clock is ahead of `at`; negative when behind.

    None when no clock that is wrong by about an hour shows these digits, or they may
    just be typed late. Only for a page that shows the secret itself: elsewhere this
    would make guessing 260 times easier.
    """
    distance = steps_off(secret, typed, at=at)
    return None if distance is None else minutes_of(distance)


@sensitive_variables()
def steps_off(secret: str, typed: str, *, at: datetime) -> int | None:
    """`minutes_off` in steps of 30 seconds, with the same restriction."""
    now = step_at(at)
    off = None
    for distance in range(_CLOCK_STEPS, 1, -1):  # no early exit, as above
        if distance > _TYPED_LATE and hmac.compare_digest(
            digits(secret, now - distance), typed
        ):
            off = -distance
        if hmac.compare_digest(digits(secret, now + distance), typed):
            off = distance
    return off


def minutes_of(distance: int) -> int:
    """Convert steps to minutes, at least one; the sign is kept."""
    minutes = max(1, round(abs(distance) * STEP_SECONDS / 60))
    return minutes if distance > 0 else -minutes


@sensitive_variables()
def uri(secret: str, *, user_name: str, issuer: str) -> str:
    """The otpauth URI for the QR code, with which a phone opens its app."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer))


@sensitive_variables()
def qr_image(uri: str) -> bytes:
    """Draw the URI as a QR code in SVG, to be served with `no-store`.

    It is an image of its own, because inside a page it would need style attributes,
    which the Content Security Policy forbids.
    """
    image = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        image, kind="svg", scale=8, border=4, light="#fff", xmldecl=False
    )
    return image.getvalue()


@sensitive_variables()
def grouped(secret: str) -> str:
    """The secret in groups of four, for typing it."""
    return " ".join(
        secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)
    )
