"""The contact form, filled in as its page sends it to the office."""

import datetime

from django.utils import timezone

from activation.public import form_stamp

URL = "/en/contact/"
SENT = "/en/contact/sent/"
EARLIER = datetime.timedelta(seconds=10)


def stamp() -> str:
    """The stamp of a form that was shown ten seconds ago."""
    return form_stamp.make(at=timezone.now() - EARLIER)


def message(**changed: str) -> dict[str, str]:
    return {
        "text": "Can I come on Monday?\n\nI work until five.",
        "email": "an@example.org",
        "name": "An",
        "website": "",
        "stamp": stamp(),
    } | changed
