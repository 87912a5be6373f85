"""What the provider is asked over HTTP: its directory, its keys, a code for a token.

Its addresses come from the directory of the issuer that is set up, and from nowhere
else. Directory and keys are kept in the process for an hour; a key that is not among
them is looked for once more, so that a provider may change its keys at any time.
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

#: For connecting, and then for the whole answer: somebody waits for it.
SECONDS: Final = 5.0
_KEPT_FOR: Final = 60 * 60
#: Keys are looked for anew at most so often, whatever is sent to us.
_KEYS_AGAIN_AFTER: Final = 10.0
_JSON: Final = {"Accept": "application/json"}


@dataclass(frozen=True)
class Directory:
    """Where the provider answers what."""

    authorization: str
    token: str
    keys: str
    #: Empty where nobody can be signed out there.
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
    """Ask everything anew."""
    with _change:
        _kept.clear()


def directory(provider: Provider) -> Directory:
    """Raises AwayError, also where what is there is no directory of this issuer."""
    return _of(provider).directory


def keys(provider: Provider, *, anew: bool = False) -> KeySet:
    """The keys that sign tokens. `anew`: one was missing among those that are kept.

    Raises AwayError.
    """
    kept, now = _of(provider), time.monotonic()
    usable = kept.keys
    if anew and now - kept.keys_anew_at >= _KEYS_AGAIN_AFTER:
        usable, kept.keys_anew_at = None, now
    if usable is None:
        given = _get(kept.directory.keys)
        try:
            usable = KeySet.import_key_set({"keys": _signing(given)})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _amiss("keys", error) from None
        kept.keys = usable
    return usable


@sensitive_variables()
def redeem(provider: Provider, *, code: str, verifier: str, way_back: str) -> str:
    """The ID token that a code is good for, once.

    Raises CityRefusedError (USED) where the provider takes the code from nobody or no
    more, and AwayError.
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
    given = _object(answer)
    if status == HTTPStatus.BAD_REQUEST and given.get("error") == "invalid_grant":
        raise CityRefusedError(Why.USED)
    token = given.get("id_token")
    if status != HTTPStatus.OK or not isinstance(token, str):
        # As a wrong client secret; what the provider says of it may repeat the code.
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


def _read(provider: Provider, given: Mapping[str, Any]) -> Directory:
    """Raises AwayError for the directory of another issuer, or one that leads to an
    address without TLS.
    """
    end = given.get("end_session_endpoint") or ""
    ways = given.get("token_endpoint_auth_methods_supported")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    places = [given.get(name) for name in names]
    wanted = [*places, end] if end else places
    if given.get("issuer") != provider.issuer or not all(
        isinstance(place, str) and is_safe(place) for place in wanted
    ):
        raise _amiss("directory")
    authorization, token, keys_at = map(str, places)
    return Directory(
        authorization=authorization,
        token=token,
        keys=keys_at,
        end_session=end,
        names_itself=bool(given.get("authorization_response_iss_parameter_supported")),
        takes_basic=not isinstance(ways, list) or "client_secret_basic" in ways,
    )


def _signing(given: Mapping[str, Any]) -> list[Any]:
    """Without keys that encrypt."""
    return [key for key in given["keys"] if key.get("use", "sig") == "sig"]


def _get(url: str) -> Mapping[str, Any]:
    status, answer = _ask("GET", url, _JSON, b"")
    given = _object(answer)
    if status != HTTPStatus.OK or not given:
        raise _amiss("answer")
    return given


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
        given = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _amiss(what: str, error: Exception | None = None) -> AwayError:
    log.warning("city_sign_on_amiss", what=what, error=type(error).__name__)
    return AwayError()
