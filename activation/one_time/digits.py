"""The six digits of a one-time code: derived when needed, and not stored."""

from typing import Final

from activation.codes.derivation import derive
from activation.models import OneTimeCode

_DIGITS: Final = 6


def one_time_text(one_time_code: OneTimeCode) -> str:
    """The six digits of a code. Use them for the message and the comparison only.

    They are 256 bits modulo 10**6, so that no digits are likelier than others by more
    than one part in 10**70. Raises KeyError when the derivation key is no longer in the
    settings.
    """
    derived = derive(
        kid=one_time_code.key_id_used,
        purpose="one-time code",
        nonce=bytes(one_time_code.nonce),
    )
    number = int.from_bytes(derived, "big") % 10**_DIGITS
    return f"{number:0{_DIGITS}d}"
