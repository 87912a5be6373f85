"""Where the notices between two pages are kept: a signed cookie, tightly named."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _TightCookie(CookieStorage):
    """Under a name that no other site of the city can set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.SESSION_COOKIE_SECURE:
            self.cookie_name = "__Host-messages"


class Notices(FallbackStorage):
    """Django's own way: the cookie, and the session for what does not fit in it."""

    storage_classes = (_TightCookie, SessionStorage)
