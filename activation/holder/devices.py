"""Name device and browser in a word or two, so that a holder recognises their own."""

from typing import Final

_DEVICES: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
# The order matters: most browsers also call themselves Chrome or Safari.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def describe(user_agent: str) -> tuple[str, str]:
    """Device and browser of a User-Agent header; "" for what is not known.

    Only words of the lists above come out, whatever the header holds.
    """
    return _first(_DEVICES, user_agent), _first(_BROWSERS, user_agent)


def _first(words: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in words if sign in user_agent), "")
