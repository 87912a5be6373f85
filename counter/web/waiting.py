"""How long somebody has to wait who tried or asked too often, in words."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import ngettext

_A_MINUTE: Final = 60


def seconds_until(free_at: datetime, *, at: datetime) -> int:
    """Whole seconds until then, rounded up so that nobody is too early; at
    least one.
    """
    return max(1, -((at - free_at) // timedelta(seconds=1)))


def wait_sentence(seconds: int) -> str:
    """A sentence of its own, in minutes where it is more than one."""
    if seconds <= _A_MINUTE:
        return ngettext("Wait one second.", "Wait %(count)d seconds.", seconds) % {
            "count": seconds
        }
    minutes = -(-seconds // _A_MINUTE)
    return ngettext("Wait one minute.", "Wait %(count)d minutes.", minutes) % {
        "count": minutes
    }
