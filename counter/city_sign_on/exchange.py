"""The HTTP requests to the provider: for its directory, its keys, and for a token.

All URLs come from the directory of the configured issuer. Directory and keys are cached
in the process for an hour. When a token's key is not among them, the keys are loaded
again, so that a provider may change its keys at any time.
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import structlog
from django.views.decorators.debug import sensitive_variables
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from counter.city_sign_on.provider import Provider
from counter.city_sign_on.refusals import AwayError, CityRefusedError, Why
from counter.web import http_exchange
from counter.web.safe_address import is_safe

log = structlog.get_logger("sleutelloket.city_sign_on")

#: The time limit for connecting, and then for the whole answer; a person is waiting.
SECONDS: Final = 5.0
_KEPT_FOR: Final = 60 * 60
#: The shortest time, in seconds, between two loads of keys; so invalid tokens cannot
#: cause many requests.
_KEYS_AGAIN_AFTER: Final = 10.0
_JSON: Final = {"Accept": "application/json"}


@dataclass(frozen=True)
class Directory:
    """The provider's URLs and abilities, from its directory."""

    authorization: str
    token: str
    keys: str
    #: Empty when the provider has no page for signing out.
    end_session: str
    names_itself: bool
    takes_basic: bool


@dataclass
class _Kept:
    directory: Directory
    until: float
    keys: KeySet | None = None
    keys_anew_at: float = -_KEYS_AGAIN_AFTER


_kept: Final[dict[str, _Kept]] = {}
_change: Final = Lock()


def forget() -> None:
    """Empty the cache."""
    with _change:
        _kept.clear()


def directory(provider: Provider) -> Directory:
    """The provider's directory. Raises AwayError, also if it is another issuer's."""
    return _of(provider).directory


def keys(provider: Provider, *, anew: bool = False) -> KeySet:
    """The keys that sign tokens. Raises AwayError.

    `anew` loads them again, as when a token's key is not in the cache; but not when
    they were loaded so a moment ago.
    """
    kept, now = _of(provider), time.monotonic()
    usable = kept.keys
    if anew and now - kept.keys_anew_at >= _KEYS_AGAIN_AFTER:
        usable, kept.keys_anew_at = None, now
    if usable is None:
        key_set = _get(kept.directory.keys)
        try:
            usable = KeySet.import_key_set({"keys": _signing(key_set)})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _amiss("keys", error) from None
        kept.keys = usable
    return usable


@sensitive_variables()
def redeem(provider: Provider, *, code: str, verifier: str, way_back: str) -> str:
    """Exchange a code for an ID token, which is possible once.

    Raises CityRefusedError (USED) when the provider does not accept the code, or no
    longer; and AwayError.
    """
    where = directory(provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": way_back,
        "code_verifier": verifier,
    }
    headers = {**_JSON, "Content-Type": "application/x-www-form-urlencoded"}
    if where.takes_basic:
        both = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
    else:
        form["client_id"] = provider.client_id
        form["client_secret"] = provider.client_secret
    status, answer = _ask("POST", where.token, headers, urlencode(form).encode())
    fields = _object(answer)
    if status == HTTPStatus.BAD_REQUEST and fields.get("error") == "invalid_grant":
        raise CityRefusedError(Why.USED)
    token = fields.get("id_token")
    if status != HTTPStatus.OK or not isinstance(token, str):
        # For example the client secret is wrong. The provider's answer is not logged,
        # because it may have the code in it.
        log.warning("city_sign_on_gave_no_token", code=status)
        raise AwayError
    return token


def _of(provider: Provider) -> _Kept:
    now = time.monotonic()
    kept = _kept.get(provider.issuer)
    if kept is None or kept.until < now:
        directory = _read(provider, _get(provider.directory))
        kept = _Kept(directory, now + _KEPT_FOR)
        with _change:
            _kept[provider.issuer] = kept
    return kept


def _read(provider: Provider, metadata: Mapping[str, Any]) -> Directory:
    """Read a directory. Raises AwayError when it is another issuer's, or when one of
    its URLs is not safe.
    """
    end = metadata.get("end_session_endpoint") or ""
    auth_methods = metadata.get("token_endpoint_auth_methods_supported")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    places = [metadata.get(name) for name in names]
    wanted = [*places, end] if end else places
    if metadata.get("issuer") != provider.issuer or not all(
        isinstance(place, str) and is_safe(place) for place in wanted
    ):
        raise _amiss("directory")
    authorization, token, keys_at = map(str, places)
    return Directory(
        authorization=authorization,
        token=token,
        keys=keys_at,
        end_session=end,
        names_itself=bool(
            metadata.get("authorization_response_iss_parameter_supported")
        ),
        takes_basic=not isinstance(auth_methods, list)
        or "client_secret_basic" in auth_methods,
    )


def _signing(key_set: Mapping[str, Any]) -> list[Any]:
    """The keys for signatures, without those for encryption."""
    return [key for key in key_set["keys"] if key.get("use", "sig") == "sig"]


def _get(url: str) -> Mapping[str, Any]:
    status, answer = _ask("GET", url, _JSON, b"")
    parsed = _object(answer)
    if status != HTTPStatus.OK or not parsed:
        raise _amiss("answer")
    return parsed


@sensitive_variables()
def _ask(
    method: str, url: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, str]:
    try:
        return http_exchange.ask(
            method, url, headers=headers, body=body, seconds=SECONDS
        )
    except (OSError, http_exchange.UnansweredError) as error:
        log.warning("city_sign_on_away", error=type(error).__name__)
        raise AwayError from None


def _object(answer: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _amiss(part: str, error: Exception | None = None) -> AwayError:
    log.warning("city_sign_on_amiss", what=part, error=type(error).__name__)
    return AwayError()
