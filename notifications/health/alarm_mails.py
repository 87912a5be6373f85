"""The two mails of an alarm: plain text, and nothing about anybody."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from counter.models import Alarm
from notifications.enums import Trouble
from notifications.health import advice


def write(alarm: Alarm, *, is_over: bool) -> tuple[str, str]:
    """Subject and text, in the language that is active."""
    trouble = Trouble(alarm.trouble)
    title = str(trouble.label)
    if alarm.about:
        title = f"{title}: {advice.named(alarm.about)}"
    page = settings.SITE_URL + reverse("admin:counter_alarm_changelist")
    if is_over and alarm.ended_at:
        subject = _("Over: %(title)s") % {"title": title}
        lines = [
            title + ".",
            _("Since: %(at)s") % {"at": _shown(alarm.since)},
            _("Over: %(at)s") % {"at": _shown(alarm.ended_at)},
        ]
    else:
        subject = _("Alarm: %(title)s") % {"title": title}
        lines = [
            title + ".",
            _("Since: %(at)s") % {"at": _shown(alarm.since)},
            "",
            str(advice.meaning(trouble)),
            str(advice.what_to_do(trouble)),
            "",
            _("More in docs/operations.md, under “%(code)s”.") % {"code": trouble},
        ]
    lines += ["", page]
    return f"[Sleutelloket] {subject}", "\n".join(lines) + "\n"


def _shown(at: datetime) -> str:
    return f"{localtime(at):%d/%m/%Y %H:%M}"
