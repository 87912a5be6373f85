"""The SMS channel of the embedded run: a message becomes a file in the demo inbox."""

import json
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from localrun.servers.smtp import message_name, store


class DemoInbox:
    """An SMS backend that delivers to `settings.DEMO_INBOX / "sms"`.

    The file holds a one-time code in plain text: for demonstrations only, which is
    why it refuses to work where no demo inbox is configured (production).
    """

    def send(self, *, to: str, text: str, reference: str) -> None:
        if settings.DEMO_INBOX is None:
            raise ImproperlyConfigured("DEMO_INBOX is not set: there is no demo inbox.")
        now = datetime.now(UTC)
        row = {"to": to, "text": text, "reference": reference, "at": now.isoformat()}
        content = json.dumps(row, ensure_ascii=False).encode()
        store(settings.DEMO_INBOX / "sms", f"{message_name(now)}.json", content)
