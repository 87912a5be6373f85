"""Links in our mails, and as they come back from mail programs, chats and people.

The token in a link is 48 bytes as 64 characters of URL-safe base64: the UUID of its row
and 256 bits that prove it. Finding the row needs no stored digest, and a row's id
without the MAC is nothing. Each kind of link has a MAC of its own.

A link is found in a text by guessing where it ends, broken at the end of a line, quoted
with signs around it, escaped once more, or copied with half a sentence behind it. None
of this can be mistaken for another link of ours: a token is proved by its MAC.
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
#: Nothing longer is a link that we sent, whatever was copied with it.
LONGEST: Final = 4000
#: Escaped by one program after the other: more than three layers are nobody's mail.
_LAYERS: Final = 3
_OF_A_TOKEN: Final = re.compile("[A-Za-z0-9_-]")
#: What word processors and phones make of a hyphen, and of two.
_DASHES: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        "\u2014": "--",
    }
)


class Anything:
    """All that is left of an address, line breaks and slashes too; never refused."""

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


# For the addresses of every app that mails a link.
register_converter(Anything, "anything")


def pack(pk: uuid.UUID, mac: bytes) -> str:
    """The token that goes into the link; `mac` has 32 bytes."""
    return base64.urlsafe_b64encode(pk.bytes + mac).decode()


@sensitive_variables()
def unpack(presented: str) -> tuple[uuid.UUID, bytes] | None:
    """Of which row a token is, and the MAC that has to prove it; None for no token.

    `presented` is what came where the token belongs: what a mail program or a person
    left around it or broke into it is looked past.
    """
    token, _behind = split_token(presented)
    if not token:
        return None
    raw = base64.urlsafe_b64decode(token)
    return uuid.UUID(bytes=raw[:_UUID_BYTES]), raw[_UUID_BYTES:]


def url(page: str, token: str) -> str:
    """The whole link to the page of this name, in the language that is active.

    One token in 32 ends in `-` or `_`, which programs that find links in a text take
    for the sentence's and leave off. So a `/` stands behind it.
    """
    path = reverse(page, args=[token]).removesuffix("/")
    return f"{settings.SITE_URL}{path}/"


def split_token(presented: str) -> tuple[str, str]:
    """The token's 64 characters, and what stood behind them; empty when it is short.

    Signs that no token has are left out wherever they stand: around it, and in the
    middle, where a line was broken.
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
    """With what was escaped for an address or for HTML as it was, and plain hyphens."""
    for _layer in range(_LAYERS):
        once = unescape(unquote(text))
        if once == text:
            break
        text = once
    return text.translate(_DASHES)
