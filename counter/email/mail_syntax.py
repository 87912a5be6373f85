"""How an e-mail address is written: one rule for every place where one is typed.

`read` gives the one way of writing an address that is kept, compared and sent to: the
domain in the letters of the mail protocol (IDNA 2008), small. So ``jan@straße.de`` is
``jan@xn--strae-oqa.de``; Python's own codec and Django, which follow the older
standard, would write to strasse.de, which is somebody else's. `shown` turns it back
for people. The rules stand in docs/domain.md#e-mail-addresses.
"""

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import idna
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.email.mail_scripts import is_deceptive
from counter.identity.invisible_signs import JOINERS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: Of a whole address; the part in front of the @ has at most 64 (RFC 5321).
LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
# A pasted address with its owner's name is longer.
_LONGEST_READ: Final = 1000
_LOCAL: Final = re.compile(
    r"[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+)*"
)
# The last label is a name, as no number is one.
_DOMAIN: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]+)")
_WITH_NAME: Final = re.compile(r"([^<>]*)<\s*([^<>]+?)\s*>[\s;,.]*")
# An @ among other letters; ``Jan @ thuis`` is somebody's name.
_LIKE_AN_ADDRESS: Final = re.compile(
    r"[^\s<>()\"',;:]+[@\N{FULLWIDTH COMMERCIAL AT}][^\s<>()\"',;:]+"
)
_MAILTO: Final = re.compile(r"mailto:\s*([^?]*)(\?.*)?", re.IGNORECASE | re.DOTALL)


class MailAddressError(ValueError):
    """No mail can be sent to it. `code` is for machines, str() is for who typed it.

    Codes: "invalid", "space", "several", "letter" (with the `sign` that stands in
    front of the @), "domain". The address is in neither.
    """

    SENTENCES: Final[dict[str, "StrPromise"]] = {
        "invalid": _(
            "This is not a whole e-mail address. It looks like name@example.com."
        ),
        "space": _(
            "There is a space in this address. Does a dot belong there, a dash or "
            "nothing?"
        ),
        "several": _("These are several addresses. Type one."),
        "letter": _(
            "The sign %(sign)s cannot stand in front of the @: no e-mail would arrive. "
            "Type the address by hand, with the letters a to z."
        ),
        "domain": _(
            "What stands behind the @ is no name of an e-mail provider. "
            "Read it out again."
        ),
    }

    def __init__(self, code: str, sign: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sign = sign

    def __str__(self) -> str:
        return str(self.SENTENCES[self.code]) % {"sign": self.sign}

    def __reduce__(self) -> tuple[type["MailAddressError"], tuple[str, str]]:
        return type(self), (self.code, self.sign)


@sensitive_variables()
def read(text: str) -> str:
    """The address as it is kept and sent to. Raises MailAddressError.

    What is certain is put right: a name around it (``Jan <jan@x.be>``), ``mailto:``, a
    full stop at its end, what nobody sees. A space within is not: jan.peeters@gmail.com
    and janpeeters@gmail.com are two people.
    """
    address = bare(text)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise MailAddressError("invalid")
    if address.count("@") > 1:
        raise MailAddressError("several" if _are_several(address) else "invalid")
    if any(sign.isspace() for sign in address):
        raise MailAddressError("space")
    if strange := next((sign for sign in local if not sign.isascii()), ""):
        raise MailAddressError("letter", strange)
    if not _LOCAL.fullmatch(local) or len(local) > _LONGEST_LOCAL:
        raise MailAddressError("invalid")
    address = f"{local}@{wire_domain(domain)}"
    if len(address) > LONGEST:
        raise MailAddressError("invalid")
    return address


@sensitive_variables()
def bare(text: str) -> str:
    """The address in a text as pasted, as it was typed. Raises MailAddressError."""
    if len(text) > _LONGEST_READ:
        raise MailAddressError("invalid")
    seen = "".join(sign for sign in text if _is_seen(sign)).strip()
    name, seen = _without_name(_without_mailto(seen))
    seen = _without_mailto(seen)
    if any(
        address.casefold() != seen.casefold()
        for address in _LIKE_AN_ADDRESS.findall(name)
    ):
        raise MailAddressError("several")
    return seen.rstrip(" ;,.").lstrip(" ;,")


def _without_name(text: str) -> tuple[str, str]:
    """The name in front of an address in <>, perhaps empty, and the address."""
    match = _WITH_NAME.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


def _without_mailto(text: str) -> str:
    match = _MAILTO.fullmatch(text)
    if match is None:
        return text
    if "@" in unquote(match[2] or ""):
        raise MailAddressError("several")
    return match[1].strip()


def _is_seen(sign: str) -> bool:
    return sign in JOINERS or unicodedata.category(sign) != "Cf"


def _are_several(address: str) -> bool:
    """a@x.be, b@y.be; and not jan@@x.be."""
    return len(_LIKE_AN_ADDRESS.findall(address)) > 1


@functools.lru_cache(maxsize=500)
def wire_domain(domain: str) -> str:
    """The domain as mail servers know it: IDNA 2008, nothing folded to another name.

    Raises MailAddressError, also for one that only looks like another.
    """
    try:
        written = idna.encode(
            domain.rstrip("."), uts46=True, std3_rules=True, transitional=False
        ).decode()
        # What was typed in the protocol's own letters has to be a name too.
        letters = idna.decode(written, strict=True)
    except (idna.IDNAError, UnicodeError):
        raise MailAddressError("domain") from None
    if not _DOMAIN.fullmatch(written) or is_deceptive(letters):
        raise MailAddressError("domain")
    return written


@sensitive_variables()
def comparable(text: str) -> str:
    """What two ways of writing one address share; also of a text that is none.

    Only for comparing: whether a mailbox tells capitals apart is its server's business,
    and none that people use does.
    """
    try:
        return read(text).lower()
    except MailAddressError:
        return text.strip().lower()


@sensitive_variables()
def shown(address: str) -> str:
    """An address as its owner writes it: jan@straße.de."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{shown_domain(domain)}"


def shown_domain(domain: str) -> str:
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain
