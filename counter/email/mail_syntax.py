"""The syntax of e-mail addresses, for every form in which one is typed.

`read` returns the normal form of an address, which is stored, compared and mailed to:
the domain is in ASCII (IDNA 2008) and in lower case. So ``jan@straße.de`` becomes
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

#: The longest address; the part before the @ has at most 64 characters (RFC 5321).
LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
# The longest text that is read: a pasted address may have its owner's name around it.
_LONGEST_READ: Final = 1000
_LOCAL: Final = re.compile(
    r"[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+)*"
)
# The last label must not be a number.
_DOMAIN: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]+)")
_WITH_NAME: Final = re.compile(r"([^<>]*)<\s*([^<>]+?)\s*>[\s;,.]*")
# An @ among other letters; ``Jan @ thuis`` is somebody's name.
_LIKE_AN_ADDRESS: Final = re.compile(
    r"[^\s<>()\"',;:]+[@\N{FULLWIDTH COMMERCIAL AT}][^\s<>()\"',;:]+"
)
_MAILTO: Final = re.compile(r"mailto:\s*([^?]*)(\?.*)?", re.IGNORECASE | re.DOTALL)


class MailAddressError(ValueError):
    """The text is not an address for mail. `code` is for code, str() for the typist.

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
    """The normal form of the address. Raises MailAddressError.

    It removes what is certainly no part of the address: a name around it
    (``Jan <jan@x.be>``), ``mailto:``, a full stop at the end, invisible characters. A
    space inside is refused, because its place may have been a dot:
    jan.peeters@gmail.com and janpeeters@gmail.com are two people.
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
    """The address in a pasted text, not yet in its normal form.

    Raises MailAddressError.
    """
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
    """The name before an address in <>, which may be "", and the address."""
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
    """Whether the text has several addresses: a@x.be, b@y.be; but not jan@@x.be."""
    return len(_LIKE_AN_ADDRESS.findall(address)) > 1


@functools.lru_cache(maxsize=500)
def wire_domain(domain: str) -> str:
    """The domain in ASCII, by IDNA 2008, which never changes it to another domain.

    Raises MailAddressError, also for a domain that imitates another one.
    """
    try:
        written = idna.encode(
            domain.rstrip("."), uts46=True, std3_rules=True, transitional=False
        ).decode()
        # A label typed in its ASCII form (xn--) must be valid too.
        letters = idna.decode(written, strict=True)
    except (idna.IDNAError, UnicodeError):
        raise MailAddressError("domain") from None
    if not _DOMAIN.fullmatch(written) or is_deceptive(letters):
        raise MailAddressError("domain")
    return written


@sensitive_variables()
def comparable(text: str) -> str:
    """The form in which two spellings of one address are equal, also for other texts.

    Only for comparing. It ignores case: a mail server may distinguish capitals before
    the @, but none that people use does.
    """
    try:
        return read(text).lower()
    except MailAddressError:
        return text.strip().lower()


@sensitive_variables()
def display_address(address: str) -> str:
    """An address as its owner writes it: jan@straße.de."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{display_domain(domain)}"


def display_domain(domain: str) -> str:
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain
