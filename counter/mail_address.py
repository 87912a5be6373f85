"""What can be told about an e-mail address without asking anybody.

Nothing is looked up: the desk works without the internet, and a question about an
address would tell others who came.
"""

import difflib
from collections.abc import Iterator
from typing import Final

from django.conf import settings

from counter.models import MailDomain

#: Where most people here have their mail: never taken for a slip of another.
PROVIDERS: Final = (
    "gmail.com",
    "hotmail.com",
    "hotmail.be",
    "hotmail.fr",
    "hotmail.nl",
    "outlook.com",
    "outlook.be",
    "live.be",
    "live.com",
    "live.nl",
    "msn.com",
    "telenet.be",
    "skynet.be",
    "proximus.be",
    "scarlet.be",
    "pandora.be",
    "belgacom.net",
    "yahoo.com",
    "yahoo.fr",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "mail.com",
    "email.com",
    "mail.be",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "proton.me",
    "protonmail.com",
    "laposte.net",
    "orange.fr",
    "free.fr",
    "wanadoo.fr",
    "ziggo.nl",
    "kpnmail.nl",
    "zeelandnet.nl",
)
#: Others that people really have, and that look like one of those.
_ALSO_REAL: Final = frozenset(
    {
        "aol.com",
        "bk.ru",
        "email.be",
        "gmx.at",
        "gmx.be",
        "gmx.ch",
        "gmx.fr",
        "gmx.nl",
        "hotmail.ca",
        "hotmail.co.uk",
        "hotmail.de",
        "hotmail.es",
        "hotmail.gr",
        "hotmail.it",
        "inbox.ru",
        "list.ru",
        "live.be",
        "live.ca",
        "live.cn",
        "live.co.uk",
        "live.de",
        "live.fr",
        "live.it",
        "mail.de",
        "mail.fr",
        "mail.pt",
        "mail.ru",
        "mil.be",
        "orange.be",
        "outlook.de",
        "outlook.es",
        "outlook.fr",
        "outlook.it",
        "outlook.nl",
        "outlook.pt",
        "pm.me",
        "rocketmail.com",
        "yahoo.be",
        "yahoo.co.uk",
        "yahoo.de",
        "yahoo.es",
        "yahoo.it",
        "yahoo.nl",
        "ymail.be",
    }
)
_REAL: Final = _ALSO_REAL.union(PROVIDERS)
_NAMES: Final = [domain.partition(".")[0] for domain in sorted(_REAL)]
#: Names with one ending only: gmail.be is gmail.com, telenet.com is telenet.be.
_ONLY: Final = {
    name: domain
    for domain in PROVIDERS
    if _NAMES.count(name := domain.partition(".")[0]) == 1 and len(name) > 4
}
#: Providers with a name in many countries.
_EVERYWHERE: Final = frozenset(
    {"hotmail", "live", "mail", "outlook", "protonmail", "wanadoo", "yahoo"}
)
_COUNTRY: Final = 2
# Longer than any of these with a slip in it.
_LONGEST: Final = 40
_ENDINGS: Final = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "vom": "com",
    "xom": "com",
    "bee": "be",
    "nett": "net",
}
#: Countries' own (Cameroon, Brazil, Niger): a slip only where the rest is known.
_COUNTRY_ENDINGS: Final = {"cm": "com", "br": "be", "ne": "net", "co": "com"}
#: As alike as this is a slip: gmial.com, hotmial.be and telent.be are, and mail.com
#: is nobody's.
_ALIKE: Final = 0.84
# Names that no mail can reach (RFC 2606, RFC 6761, RFC 7686).
_RESERVED: Final = frozenset(
    {"example", "invalid", "localhost", "test", "local", "onion", "internal", "arpa"}
)
_RESERVED_DOMAINS: Final = frozenset({"example.com", "example.net", "example.org"})


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def likely(address: str) -> str:
    """The address that was probably meant; empty when nothing looks like a slip."""
    local, at, _domain = address.rpartition("@")
    domain = domain_of(address)
    if not at or domain in _REAL:
        return ""
    name, dot, ending = domain.rpartition(".")
    mended = f"{name}.{_ENDINGS[ending]}" if dot and ending in _ENDINGS else domain
    abroad = f"{name}.{_COUNTRY_ENDINGS.get(ending, ending)}"
    if dot and abroad in _REAL:
        mended = abroad
    elif mended not in _REAL and not _is_abroad(name, ending):
        mended = _ONLY.get(name) or _nearest(mended)
    return f"{local}@{mended}" if mended != domain else ""


def _is_abroad(name: str, ending: str) -> bool:
    """A provider of many countries, in one that is not on the list: hotmail.se."""
    return name in _EVERYWHERE and len(ending) == _COUNTRY


def _nearest(domain: str) -> str:
    if len(domain) > _LONGEST:
        return domain
    found = difflib.get_close_matches(domain, PROVIDERS, n=1, cutoff=_ALIKE)
    return found[0] if found else domain


def is_of_work_or_study(address: str) -> bool:
    """Whether the domain, or one above it, is on the supervisor's list."""
    return MailDomain.objects.filter(domain__in=list(_parents(address))).exists()


def takes_no_mail(address: str) -> bool:
    """Whether it is known beforehand that no mail can arrive there.

    A number is no domain, and a bare network address is nobody's. Reserved names pass
    where demos and tests write to them (`REFUSE_RESERVED_MAIL_DOMAINS`).
    """
    domain = domain_of(address)
    if domain.startswith("[") or domain.rpartition(".")[2].isdigit():
        return True
    if not settings.REFUSE_RESERVED_MAIL_DOMAINS:
        return False
    in_reserved = any(parent in _RESERVED_DOMAINS for parent in _parents(address))
    return in_reserved or domain.rpartition(".")[2] in _RESERVED


def _parents(address: str) -> Iterator[str]:
    """student.kuleuven.be, kuleuven.be, be."""
    labels = domain_of(address).split(".")
    for at in range(len(labels)):
        yield ".".join(labels[at:])
