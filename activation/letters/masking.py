"""Addresses and names that their owner recognises and a finder cannot use."""

import unicodedata
from typing import Final

from counter.email.mail_syntax import shown_domain

# Always three, so the dots do not give the length away.
_DOTS: Final = "•••"


def mask_email(address: str) -> str:
    """Mask ``address``: ``an.peeters@gmail.com`` becomes ``a•••@gm•••.com``.

    Why this much. The slip carries the activation code; whoever finds it needs
    only the mailbox besides, so the sheet must not say whose mailbox it is. The
    owner has a handful of addresses and tells them apart by the first letter
    and the provider: the first character, the first two of the domain and the
    ending are enough to see "that is my Gmail, not my Telenet". The dots are
    always three, so that ``a@``, ``an@`` and ``annemie@`` look alike.

    A domain in punycode is shown as its owner writes it. What is no address
    at all is dots throughout.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        return _DOTS
    return f"{_first(local.lstrip('"'), 1)}{_DOTS}@{_masked_domain(domain)}"


def mask_name(user_name: str) -> str:
    """Mask a user name: ``peter.janssens`` becomes ``p•••s``.

    Enough for who chose it to see which one it is, and for nobody to try it elsewhere.
    """
    name = user_name.strip()
    return f"{name[:1]}{_DOTS}{name[-1:] if len(name) > 3 else ''}"


def _masked_domain(domain: str) -> str:
    if domain.startswith("["):  # user@[192.0.2.1]: nothing in it to recognise
        return _DOTS
    name, dot, ending = shown_domain(domain).rpartition(".")
    if not dot:
        return _first(ending, 2) + _DOTS
    # Three characters ("kpn", "web", "me") would be given away whole by two.
    shown = 2 if len(name) > 3 else 1
    return f"{_first(name, shown)}{_DOTS}.{ending}"


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
