"""Verifies that an ID token is the provider's, valid now, and for our request.

The rules are those of OpenID Connect Core, section 3.1.3.7. The library (joserfc)
verifies the signature. Only RS256 and ES256 are accepted, whatever the token's header
says.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.views.decorators.debug import sensitive_variables
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
)
from joserfc.jwk import KeySet

from counter.city_sign_on import exchange
from counter.city_sign_on.provider import Provider
from counter.city_sign_on.refusals import CityRefusedError, Why

ALGORITHMS: Final = ("RS256", "ES256")
#: Seconds that two clocks may differ by.
LEEWAY: Final = 60
_LONGEST_SUBJECT: Final = 255


@sensitive_variables()
def verified(
    token: str,
    *,
    provider: Provider,
    nonce: str,
    asked_anew_at: int | None,
    at: datetime,
) -> Mapping[str, Any]:
    """The claims of a valid token. Raises CityRefusedError and AwayError.

    If `asked_anew_at` is given, the token must say that the person signed in after that
    time. This is checked because the browser transports our request to the provider, so
    its user could remove the wish from it.
    """
    try:
        claims = _signed(token, provider)
        _check(claims, provider, at=at)
    except ExpiredTokenError:
        raise CityRefusedError(Why.EXPIRED) from None
    except InvalidClaimError as error:
        is_of_time = error.claim in {"iat", "nbf"}
        raise CityRefusedError(Why.EXPIRED if is_of_time else Why.TOKEN) from None
    # A key or token that somebody wrote by hand may raise other errors too.
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise CityRefusedError(Why.TOKEN) from None
    token_nonce = claims["nonce"]
    if not isinstance(token_nonce, str) or not hmac.compare_digest(
        token_nonce.encode(), nonce.encode()
    ):
        raise CityRefusedError(Why.TOKEN)
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise CityRefusedError(Why.TOKEN)
    if asked_anew_at is not None and not _is_since(claims, asked_anew_at):
        raise CityRefusedError(Why.NOT_ASKED)
    return claims


def _signed(token: str, provider: Provider) -> Mapping[str, Any]:
    """Verify the signature; if no cached key fits, load the keys and try once again."""
    try:
        return _opened(token, exchange.keys(provider))
    except (InvalidKeyIdError, BadSignatureError):
        return _opened(token, exchange.keys(provider, anew=True))


def _opened(token: str, keys: KeySet) -> Mapping[str, Any]:
    return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims


def _check(claims: Mapping[str, Any], provider: Provider, *, at: datetime) -> None:
    jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    ).validate(dict(claims))
    # A token for several parties, or issued to another one, names in `azp` who may use
    # it.
    party = claims.get("azp")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (party is not None or several) and party != provider.client_id:
        raise InvalidClaimError("azp")


def _is_since(claims: Mapping[str, Any], asked_at: int) -> bool:
    when = claims.get("auth_time")
    if not isinstance(when, int | float) or isinstance(when, bool):
        return False
    return when >= asked_at - LEEWAY
