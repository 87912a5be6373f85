"""The two mails of an alarm, at its beginning and its end; plain text, no personal
data.

They go straight to the mail server, from the main loop of a process that has other
work. So the time limits add up to half a minute at most.
"""

import select
import time
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from counter.email import mail_syntax
from counter.models import Alarm
from notifications.channels import smtp
from notifications.enums import Trouble
from notifications.exceptions import DeliveryError
from notifications.health import advice

log = structlog.get_logger("sleutelloket.watch")

#: Time limit for one answer while connecting and authenticating, which take at most
#: smtp.OPENING_SECONDS in all.
_ANSWER_SECONDS: Final = 5.0
#: Time limits for all commands before the mail's text, and then for the answer to it.
_MAIL_SECONDS: Final = 5.0
_TEXT_SECONDS: Final = 5.0


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


def send(subject: str, text: str) -> bool:
    """Send the mail; False if the mail server does not take it in time.

    A server that has the whole text and does not answer counts as one that took it;
    otherwise the operator would get the same mail every minute.
    """
    mailer: dict[str, Any] = dict(settings.MAILERS["default"])
    options = {**mailer["OPTIONS"], "timeout": _ANSWER_SECONDS}
    backend = smtp.Backend(alias="default", **options)
    # The bare address: Django may lose the quotes of a name (channels/writing.py).
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        # Django would write to strasse.de for straße.de, which is another's domain.
        to = mail_syntax.read(settings.OPERATOR_EMAIL)
        mail = EmailMessage(subject, text, sender, [to])
        backend.open()
        conversation = backend.conversation
        backend.begin(_nothing, seconds=_MAIL_SECONDS)
        try:
            backend.send_messages([mail])
        except smtp.NotAnsweredYetError:
            backend.connection = None
            if conversation is not None:
                _hear_out(smtp.Unanswered(conversation))
        backend.close()
    except (OSError, ValueError, DeliveryError) as error:
        log.warning("alarm_not_sent", error=type(error).__name__)
        return False
    return True


def _hear_out(server: smtp.Unanswered) -> None:
    """Wait _TEXT_SECONDS more for the answer; raises DeliveryError unless it is a
    yes.
    """
    until = time.monotonic() + _TEXT_SECONDS
    while not server.has_answered():
        left = until - time.monotonic()
        if left <= 0 or server.socket is None:
            server.close()
            return
        select.select([server.socket], [], [], left)
    server.answer()


def _nothing() -> None:
    """Alarms need no `before_text`: they are not counted, and may be sent twice."""
