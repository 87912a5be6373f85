"""Begins a request to the provider, and finds it again when the browser comes back.

The session keeps the request, with state, nonce and the verifier of PKCE, each of 256
random bits. So an answer that arrives in another browser, or that somebody else began,
belongs to no request. The session's cookie is Strict; counter.web.cookie_jars makes it
available on the way back.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from counter.city_sign_on import exchange
from counter.city_sign_on.provider import Provider, find, way_back, way_out
from counter.city_sign_on.refusals import AwayError

LIVES: Final = 10 * 60
_KEPT: Final = "city_sign_on_asked"
_BYTES: Final = 32


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    #: A clerk unlocks the screen.
    UNLOCK = "unlock"
    #: A clerk who is signed in links the own account.
    LINK = "link"
    #: A colleague links the account of a mailed invitation.
    INVITATION = "invitation"


#: For these purposes the provider has to ask the person to sign in again, also when the
#: browser is signed in there.
ASKED_ANEW: Final = frozenset({Purpose.UNLOCK, Purpose.LINK, Purpose.INVITATION})


@dataclass(frozen=True)
class Asked:
    """A request to the provider, as the session keeps it.

    `clerk` is the key of the clerk who was signed in, 0 for nobody. `link` is the id of
    the mailed link, "" without one.
    """

    purpose: str
    state: str
    nonce: str
    verifier: str
    since: int
    is_anew: bool
    next: str
    clerk: int = 0
    link: str = ""

    @property
    def asked_anew_at(self) -> int | None:
        return self.since if self.is_anew else None

    @property
    def link_id(self) -> uuid.UUID:
        return uuid.UUID(self.link)


@sensitive_variables()
def begin(
    request: HttpRequest,
    provider: Provider,
    purpose: Purpose,
    *,
    at: datetime,
    next_page: str = "",
    link: uuid.UUID | None = None,
) -> str:
    """Begin a request; return the provider's URL for the browser. Raises AwayError.

    A session has one request at a time: a new one replaces the former.
    """
    where = exchange.directory(provider).authorization
    state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
    asked = Asked(
        purpose=purpose.value,
        state=state,
        nonce=nonce,
        verifier=verifier,
        since=int(at.timestamp()),
        is_anew=provider.asks_again or purpose in ASKED_ANEW,
        next=next_page,
        clerk=request.user.pk or 0,
        link=link.hex if link else "",
    )
    request.session[_KEPT] = asdict(asked)
    return _with_query(where, _wish(provider, asked))


def _wish(provider: Provider, asked: Asked) -> dict[str, str]:
    wish = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": way_back(),
        "scope": provider.scopes,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": _challenge(asked.verifier),
        "code_challenge_method": "S256",
    }
    if asked.is_anew:
        # With max_age the token has the time at which the person signed in
        # (counter.city_sign_on.tokens).
        wish |= {"prompt": "login", "max_age": "0"}
    if provider.acr:
        wish["acr_values"] = " ".join(provider.acr)
    return wish


def take(request: HttpRequest, *, at: datetime) -> Asked | None:
    """Take the session's request that this answer belongs to; None if there is none.

    A request can be taken once. It is kept when the state is another one, so that a
    link from another site cannot end it.
    """
    kept = request.session.get(_KEPT)
    state = request.GET.get("state", "")
    if kept is None or not hmac.compare_digest(
        state.encode(), str(kept["state"]).encode()
    ):
        return None
    del request.session[_KEPT]
    asked = Asked(**kept)
    is_young = 0 <= int(at.timestamp()) - asked.since <= LIVES
    is_same = asked.clerk == (request.user.pk or 0)
    return asked if is_young and is_same else None


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _with_query(address: str, query: dict[str, str]) -> str:
    scheme, host, path, own, _fragment = urlsplit(address)
    both = "&".join(filter(None, (own, urlencode(query))))
    return urlunsplit((scheme, host, path, both, ""))


def address_to_sign_out() -> str:
    """The provider's URL that signs the browser out there, and sends it back to us.

    Empty when the provider has no such page, or does not answer. The URL has no ID
    token, because none is stored; so the provider may ask the person first.
    """
    provider = find()
    if provider is None:
        return ""
    try:
        where = exchange.directory(provider).end_session
    except AwayError:
        return ""
    if not where:
        return ""
    back = {
        "client_id": provider.client_id,
        "post_logout_redirect_uri": way_out(),
    }
    return _with_query(where, back)
