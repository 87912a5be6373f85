"""Builds the links in our mails, and reads them back, also when they were damaged.

The token in a link is 48 bytes, as 64 characters of URL-safe base64: the UUID of its
row and a MAC of 256 bits. The row is found by its id, so no digest has to be stored;
without the MAC the id is worthless. Each kind of link has a MAC of its own.

Mail programs, chats and people damage links: they cut them at the wrong place, break
them over lines, put characters around them, escape them again, or copy words with them.
Reading is tolerant of that. It can never give another link, because of the MAC.
"""

import base64
import re
import uuid
from html import unescape
from typing import Final
from urllib.parse import unquote

from django.conf import settings
from django.urls import register_converter, reverse
from django.views.decorators.debug import sensitive_variables

TOKEN_CHARACTERS: Final = 64
_UUID_BYTES: Final = 16
#: The longest text that is read as a link.
LONGEST: Final = 4000
#: How many layers of escaping, by one program after the other, are removed.
_LAYERS: Final = 3
_OF_A_TOKEN: Final = re.compile("[A-Za-z0-9_-]")
#: Characters into which word processors and phones change one or two hyphens.
_DASHES: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        "\u2014": "--",
    }
)


class Anything:
    """A path converter for the whole rest of a URL, with line breaks and slashes."""

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


# For the addresses of every app that mails a link.
register_converter(Anything, "anything")


def pack(pk: uuid.UUID, mac: bytes) -> str:
    """The token of a link; `mac` has 32 bytes."""
    return base64.urlsafe_b64encode(pk.bytes + mac).decode()


@sensitive_variables()
def unpack(presented: str) -> tuple[uuid.UUID, bytes] | None:
    """The primary key and the MAC in a token; None when there is no token.

    The caller has to check the MAC. `presented` is the part of the URL with the token;
    characters that were added around it or inside it are ignored.
    """
    token, _behind = split_token(presented)
    if not token:
        return None
    raw = base64.urlsafe_b64decode(token)
    return uuid.UUID(bytes=raw[:_UUID_BYTES]), raw[_UUID_BYTES:]


def url(page: str, token: str) -> str:
    """The absolute URL of the page `page` with this token, in the active language.

    One token in 32 ends in `-` or `_`. Programs that find links in a text may leave
    that out, as if it belonged to the sentence. So the URL ends with a `/`.
    """
    path = reverse(page, args=[token]).removesuffix("/")
    return f"{settings.SITE_URL}{path}/"


def split_token(presented: str) -> tuple[str, str]:
    """The 64 characters of the token and the text after them; "" when it is too short.

    Characters that no token has are left out, around it and inside it (line breaks).
    """
    text = plain(presented[:LONGEST])
    token = ""
    for place, sign in enumerate(text):
        if _OF_A_TOKEN.fullmatch(sign):
            token += sign
            if len(token) == TOKEN_CHARACTERS:
                return token, text[place + 1 :]
    return "", ""


def plain(text: str) -> str:
    """The text without escapes of URLs and HTML, and with plain hyphens."""
    for _layer in range(_LAYERS):
        once = unescape(unquote(text))
        if once == text:
            break
        text = once
    return text.translate(_DASHES)
