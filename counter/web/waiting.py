"""Sentences that tell how long to wait after too many tries, and what to do then."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_A_MINUTE: Final = 60
#: For a longer wait the time of day is shown instead of a countdown.
_COUNTED: Final = 15 * _A_MINUTE


def seconds_until(free_at: datetime, *, at: datetime) -> int:
    """The whole seconds until `free_at`, rounded up; at least one."""
    return max(1, -((at - free_at) // timedelta(seconds=1)))


def wait_sentence(seconds: int) -> str:
    """A sentence with the wait in seconds, or in minutes when it is over a minute."""
    if seconds <= _A_MINUTE:
        return ngettext("Wait one second.", "Wait %(count)d seconds.", seconds) % {
            "count": seconds
        }
    minutes = -(-seconds // _A_MINUTE)
    return ngettext("Wait one minute.", "Wait %(count)d minutes.", minutes) % {
        "count": minutes
    }


def then_press(button: str, *, free_at: datetime, at: datetime) -> SafeString:
    """Tells when to press which button, with a countdown or the time of day.

    `button` is its label on the page.
    """
    seconds = seconds_until(free_at, at=at)
    if seconds <= _COUNTED:
        return _counting_down(
            seconds,
            until=_("Wait {time} and then press “{button}”."),
            over=_("You can press “{button}” now."),
            button=button,
        )
    # Rounded up to the whole minute, so that nobody comes back a moment too early.
    then = timezone.localtime(free_at + timedelta(seconds=59))
    day = date_format(then, "DATE_FORMAT")
    clock = date_format(then, "TIME_FORMAT")
    return format_html(_from(then, at=at), button=button, day=day, time=clock)


def _from(then: datetime, *, at: datetime) -> str:
    """A sentence with `{button}` and `{time}`; the `{day}` where one needs it."""
    days = (then.date() - timezone.localdate(at)).days
    if days == 0:
        return _("You can press “{button}” from {time} on.")
    if days == 1:
        return _("You can press “{button}” tomorrow from {time} on.")
    return _("You can press “{button}” from {day} on, at {time}.")


def _counting_down(seconds: int, *, until: str, over: str, button: str) -> SafeString:
    """A sentence with `{time}` and `{button}`, whose time static/js counts.

    Without a script it stays as it was when the page was asked for. A screen reader is
    not told each second (a timer is silent), but once when the wait is `over`.
    """
    time = format_html('<span role="timer">{}</span>', _duration(seconds))
    return format_html(
        '<span data-wait="{}" data-over="{}"><span>{}</span>'
        '<span role="status"></span></span>',
        seconds,
        over.format(button=button),
        format_html(until, time=time, button=button),
    )


def _duration(seconds: int) -> str:
    if seconds <= _A_MINUTE:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {
            "count": seconds
        }
    minutes = -(-seconds // _A_MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {
        "count": minutes
    }
