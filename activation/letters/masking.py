"""Masking addresses and names: the owner recognises them, a finder cannot use them."""

import unicodedata
from typing import Final

from counter.email.mail_syntax import display_domain

# Always three dots, so that they do not reveal the length.
_DOTS: Final = "•••"


def mask_email(address: str) -> str:
    """Mask ``address``: ``an.peeters@gmail.com`` becomes ``a•••@gm•••.com``.

    The slip has the activation code. A person who finds it needs only the mailbox as
    well, so the slip must not reveal whose mailbox it is. The owner has few addresses
    and recognises one by its first letter, the first two letters of the domain and the
    ending: "that is my Gmail, not my Telenet". There are always three dots, so that
    ``a@``, ``an@`` and ``annemie@`` look the same.

    A domain in punycode is shown as its owner writes it. A value that is not an address
    becomes three dots.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        return _DOTS
    return f"{_first(local.lstrip('"'), 1)}{_DOTS}@{_masked_domain(domain)}"


def mask_name(user_name: str) -> str:
    """Mask a user name: ``peter.janssens`` becomes ``p•••s``.

    The person who chose it recognises it, and nobody else can try it on other websites.
    """
    name = user_name.strip()
    return f"{name[:1]}{_DOTS}{name[-1:] if len(name) > 3 else ''}"


def _masked_domain(domain: str) -> str:
    if domain.startswith("["):  # user@[192.0.2.1]: a number is masked as a whole
        return _DOTS
    name, dot, ending = display_domain(domain).rpartition(".")
    if not dot:
        return _first(ending, 2) + _DOTS
    # Of a name with at most three letters ("kpn", "web"), two would reveal too much.
    visible = 2 if len(name) > 3 else 1
    return f"{_first(name, visible)}{_DOTS}.{ending}"


def _first(text: str, count: int) -> str:
    """Return the first ``count`` letters; an accent belongs to its letter."""
    letters: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if letters and unicodedata.combining(character):
            letters[-1] += character
        elif len(letters) == count:
            break
        elif character.isprintable():
            letters.append(character)
    return "".join(letters)
