"""Finds likely typing errors in an e-mail address, without any look-up on the network.

The desk works without the internet, and a look-up would tell others who came.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from counter.email import mail_syntax
from counter.email.mail_providers import (
    FAMILIES,
    FIRST_LEVEL_ONLY,
    OFFERED,
    REAL,
    SECOND_LEVELS,
)
from counter.email.mail_scripts import LOOKS_LIKE, is_deceptive
from counter.email.mail_syntax import MailAddressError
from counter.identity import countries
from counter.identity.transliteration import without_accents
from counter.models import MailDomain

# Longer than all known domains, also with an error in them.
_LONGEST: Final = 40
_COUNTRY: Final = 2
#: Endings with their typing errors: a neighbouring key, a doubled or a swapped letter.
_SLIPS_OF: Final = {
    "com": """
        c0m c9m ccom cim ciom clm ckm cm cmo co coim coj cok col colm com.com comm comn
        con conm coom cop copm cpm cpom cvom cxom dom fom ocm om vcom vom xcom xom
    """,
    "be": "bbe bd be.be bee ber bew br bre bs bw bz eb nbe vbe ve",
    "net": "ne ner nett ney nrt nwt",
    "fr": "dr fe fr.fr frr ft",
    "nl": "ln nk nl.nl nll",
}
_ENDINGS: Final = {
    slip: ending for ending, slips in _SLIPS_OF.items() for slip in slips.split()
}
#: Of these "errors" the following are real endings of countries (Cameroon, Colombia,
#: Oman, Brazil, Bangladesh, Bahamas, Botswana, Belize, Venezuela, Niger). They count as
#: an error only after a name that is known with the other ending.
_REAL_ENDINGS: Final = frozenset(
    {"cm", "co", "om", "br", "bd", "bs", "bw", "bz", "ve", "ne"}
)
_ENDINGS_OF: Final = {
    name: [
        domain.partition(".")[2] for domain in OFFERED if domain.startswith(name + ".")
    ]
    for name in (domain.partition(".")[0] for domain in OFFERED)
}
#: Names that are known with one ending only: gmail.be must mean gmail.com.
_ONLY: Final = {
    "gmail": "gmail.com",
    "icloud": "icloud.com",
    "telenet": "telenet.be",
    "skynet": "skynet.be",
    "proximus": "proximus.be",
    "belgacom": "belgacom.net",
    "scarlet": "scarlet.be",
    "laposte": "laposte.net",
    "ziggo": "ziggo.nl",
}
#: Names for which an error is found with any usual ending: gmial.be means gmail.com.
_EVERYBODYS: Final = ("gmail", "hotmail", "outlook", "telenet", "icloud", "yahoo")
_USUAL: Final = frozenset({"com", "net", "be", "fr", "nl", "de", "eu"})
_SHORTEST: Final = 5
_MIDDLING: Final = 7
_LONG: Final = 8
# Names that no mail can reach (RFC 2606, RFC 6761, RFC 7686).
_RESERVED: Final = frozenset(
    {"example", "invalid", "localhost", "test", "local", "onion", "internal", "arpa"}
)
_RESERVED_DOMAINS: Final = frozenset({"example.com", "example.net", "example.org"})


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


@sensitive_variables()
def likely(address: str) -> str:
    """The address that was probably meant; "" when there seems to be no error.

    `address` may also be a text that is no address, but nearly one.
    """
    local, at, domain = _tidied(address).rpartition("@")
    if not at or not local or len(domain) > _LONGEST:
        return ""
    meant = f"{local}@{_meant_domain(domain)}"
    try:
        readable = mail_syntax.read(meant)
    except MailAddressError:
        return ""
    return (
        "" if readable == _readable(address) else mail_syntax.display_address(readable)
    )


def _readable(address: str) -> str:
    try:
        return mail_syntax.read(address)
    except MailAddressError:
        return ""


def _plain(text: str) -> str:
    """The text with letters a to z instead of letters that look like them."""
    return without_accents(text.casefold().translate(LOOKS_LIKE))


def _tidied(address: str) -> str:
    """The address with corrected spaces and punctuation at the @ and in the domain.

    A space before the @ stays, because a dot may have been meant. "" when the text has
    no single address.
    """
    try:
        address = mail_syntax.bare(address)
    except MailAddressError:
        return ""
    local, at, domain = re.sub(r"\s*[@\uff20]+\s*", "@", address).rpartition("@")
    if not local.isascii():
        plain = _plain(local)
        local = plain if plain.isascii() else local
    domain = unicodedata.normalize("NFKC", domain)
    domain = re.sub(r"[\s,;.\u3002]+", ".", domain).strip(".").lower()
    return f"{local}{at}{domain.removeprefix('www.')}"


def _meant_domain(domain: str) -> str:
    """The domain with its typing error corrected; unchanged when it has none."""
    name, _dot, ending = domain.partition(".")
    if _is_real(name, ending):
        return domain
    looks = _plain(domain)
    if looks != domain and looks in REAL:
        return looks
    if looks.isascii() and is_deceptive(domain):
        return _meant_domain(looks)
    together = domain.replace(".", "")
    for offered in OFFERED:
        if together == offered.replace(".", ""):
            return offered
    return _mended(name, ending) if ending else domain


def _is_real(name: str, ending: str) -> bool:
    if f"{name}.{ending}" in REAL:
        return True
    if name not in FAMILIES or f"{name}.{_meant_ending(name, ending)}" in REAL:
        return False
    above, _dot, country = ending.rpartition(".")
    if country not in countries.internet_endings():
        return False
    return not above or (above in SECOND_LEVELS and country not in FIRST_LEVEL_ONLY)


def _meant_ending(name: str, ending: str) -> str:
    meant = _ENDINGS.get(ending, ending)
    # On the keyboard the n is next to the b, so "ne" may also mean "be".
    is_be = ending == "ne" and f"{name}.be" in REAL and f"{name}.net" not in REAL
    return "be" if is_be else meant


def _mended(name: str, ending: str) -> str:
    """Correct the ending, then the name: gmail.con, gmail.be, gmial.com, gmial.con."""
    domain = f"{name}.{ending}"
    meant = _meant_ending(name, ending)
    nearest = _nearest(name, meant)
    if ending in _REAL_ENDINGS and f"{nearest}.{meant}" not in REAL:
        meant, nearest = ending, _nearest(name, ending)
    if _is_real(nearest, meant):
        return f"{nearest}.{meant}"
    if nearest in _ONLY:
        return _ONLY[nearest]
    if nearest != name:
        return f"{nearest}.{_ENDINGS_OF[nearest][0]}"
    if name in FAMILIES and _is_no_ending(ending):
        usual = _ENDINGS_OF.get(name, ["com"])[0]
        return f"{name}.{usual}" if f"{name}.{usual}" in REAL else domain
    head, dot, last = domain.rpartition(".")
    mended = _ENDINGS.get(last, last) if last not in _REAL_ENDINGS else last
    return f"{head}{dot}{mended}"


def _is_no_ending(ending: str) -> bool:
    """Whether no such ending exists, as in hotmail.com.be or hotmail.xx.

    False for an ending such as co.ul, of which the meant country is not certain.
    """
    above, dot, last = ending.rpartition(".")
    if dot:
        return above in SECOND_LEVELS and last in FIRST_LEVEL_ONLY
    return len(last) == _COUNTRY and last not in countries.internet_endings()


def _nearest(name: str, ending: str) -> str:
    """The known name of which this is a misspelling; the name itself if it is none."""
    if name in _ENDINGS_OF or any(real.startswith(f"{name}.") for real in REAL):
        return name
    near = [
        (slips, offered)
        for offered, endings in _ENDINGS_OF.items()
        if (
            ending in endings or (offered in _EVERYBODYS and _is_usual(offered, ending))
        )
        and (slips := _slips(name, offered)) <= _most_slips(name, offered)
    ]
    return min(near)[1] if near else name


def _is_usual(name: str, ending: str) -> bool:
    return ending in _USUAL or _is_real(name, ending)


def _most_slips(typed: str, name: str) -> int:
    """How many letters of a name may be wrong before it counts as another name.

    A short name with another first letter is another name: vmail is not gmail.
    """
    begins = typed[:1] == name[0] or typed[1:2] == name[0]
    if len(name) < _SHORTEST or (len(name) < _MIDDLING and not begins):
        return 0
    return 1 if len(name) < _LONG else 2


def _slips(typed: str, meant: str) -> int:
    """The number of errors between two names: letters left out, added, changed or
    swapped.
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for down, one in enumerate(typed, 1):
        earlier, before, row = before, row, [down]
        for across, other in enumerate(meant, 1):
            cost = min(
                before[across] + 1,
                row[across - 1] + 1,
                before[across - 1] + (one != other),
            )
            swapped = (
                down > 1
                and across > 1
                and one == meant[across - 2]
                and typed[down - 2] == other
            )
            row.append(min(cost, earlier[across - 2] + 1) if swapped else cost)
    return row[-1]


def is_of_work_or_study(address: str) -> bool:
    """Whether the address's domain, or one above it, is on the supervisors' list."""
    return MailDomain.objects.filter(domain__in=list(_parents(address))).exists()


def takes_no_mail(address: str) -> bool:
    """Whether the domain is reserved, so that no mail can arrive there.

    Always False if `REFUSE_RESERVED_MAIL_DOMAINS` is off, as in demonstrations and
    tests, which use such addresses.
    """
    if not settings.REFUSE_RESERVED_MAIL_DOMAINS:
        return False
    in_reserved = any(parent in _RESERVED_DOMAINS for parent in _parents(address))
    return in_reserved or domain_of(address).rpartition(".")[2] in _RESERVED


def _parents(address: str) -> Iterator[str]:
    """The domain and all domains above it: student.kuleuven.be, kuleuven.be, be."""
    labels = domain_of(mail_syntax.comparable(address)).split(".")
    for at in range(len(labels)):
        yield ".".join(labels[at:])
