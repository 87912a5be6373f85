"""The storage of Django's messages: a signed cookie with the prefix __Host-."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _TightCookie(CookieStorage):
    """The cookie storage with a name that no other subdomain of the city can set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.SESSION_COOKIE_SECURE:
            self.cookie_name = "__Host-messages"


class Notices(FallbackStorage):
    """Like Django's: in the cookie, and in the session what does not fit into it."""

    storage_classes = (_TightCookie, SessionStorage)
