"""Text messages through an HTTP gateway that the settings describe (`SMS_HTTP`).

Each message is one request, without redirects and proxies: number, text and credentials
go to the configured address and nowhere else. The reference is the same for each
sending of one message, so a gateway that supports it recognises a repetition and sends
the message once. Of an answer only the status is stored, in our own words: gateways
repeat the number and the text, which no log and no table may contain.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from counter.web import http_exchange
from counter.web.safe_address import is_safe
from notifications.exceptions import (
    PutOffError,
    RefusedError,
    ServerAwayError,
    UnknownError,
)

log = structlog.get_logger("sleutelloket.delivery")

#: Time limit for connecting, and then again for the whole exchange on that connection.
SECONDS: Final = 10.0
# Statuses that are about us or the gateway, not about this message.
_ABOUT_US: Final = frozenset({401, 402, 403, 407, 429, 503})
# Statuses that put off this message, and no others.
_LATER: Final = frozenset({408, 409, 423, 425})

BROKEN_OFF: Final = gettext_noop("The text message gateway broke off.")
SILENT: Final = gettext_noop(
    "The text message gateway was given the message and did not confirm it."
)
UNCLEAR: Final = gettext_noop(
    "The text message gateway did not say whether it took the message."
)
REFUSED: Final = gettext_noop("The text message gateway refused the message.")

_PLACE: Final = re.compile(r"\{(to|digits|text|reference)\}")


@dataclass(frozen=True)
class Request:
    """The checked settings of `SMS_HTTP`; its representation shows no secret."""

    url: str = field(repr=False)
    method: str
    headers: Mapping[str, str] = field(repr=False)
    body: str = field(repr=False)
    success_status: frozenset[int]
    success_body: re.Pattern[str]
    refused_body: re.Pattern[str] | None


def configured() -> Request:
    """Read and check `settings.SMS_HTTP`.

    Raises ImproperlyConfigured, whose text contains no value of the settings.
    """
    setting = settings.SMS_HTTP
    url = setting.get("url", "")
    if not is_safe(url):
        raise ImproperlyConfigured("SMS_HTTP: the url is not https://.")
    refused = setting.get("refused_body", "")
    taken = setting.get("success_status") or "200-299"
    try:
        return Request(
            url=url,
            method=setting.get("method", "POST"),
            headers=setting.get("headers", {}),
            body=setting.get("body", ""),
            success_status=http_exchange.read_statuses(taken),
            success_body=re.compile(setting.get("success_body", "")),
            refused_body=re.compile(refused) if refused else None,
        )
    except (ValueError, re.error):
        raise ImproperlyConfigured("SMS_HTTP: a rule for answers is amiss.") from None


class HttpGateway:
    """An SMS backend (notifications.channels.channels.Gateway) for `SMS_BACKEND`."""

    @sensitive_variables()
    def send(self, *, to: str, text: str, reference: str) -> None:
        """Send one message; returns once the gateway has taken it.

        Raises RefusedError, PutOffError or ServerAwayError as the gateway's answer
        says. Raises UnknownError if the gateway may have taken the message: it fails
        with a server error, answers unclearly, breaks off or does not answer. Raises
        OSError if it cannot be reached.
        """
        request = configured()
        values = {
            "to": to,
            "digits": to.lstrip("+"),
            "text": text,
            "reference": reference,
        }
        status, body = _asked(request, values)
        _judge(request, status, body)


@sensitive_variables()
def _asked(request: Request, values: Mapping[str, str]) -> tuple[int, str]:
    """Send the request; returns the answer's status and the beginning of its body.

    Raises UnknownError when no answer comes, OSError when the gateway cannot be
    reached.
    """
    body = _filled(request.body, values, _escaping(request.headers))
    try:
        return http_exchange.ask(
            request.method,
            _filled(request.url, values, _in_address),
            headers=request.headers,
            body=body.encode(),
            seconds=SECONDS,
        )
    except http_exchange.UnansweredError as error:
        # The message may have been taken. The next sending has the same reference.
        log.warning("sms_gateway_broke_off", error=error.kind)
        words = SILENT if error.is_silent else BROKEN_OFF
        is_silent = error.is_silent
        raise UnknownError(words, is_away=is_silent, is_of_server=True) from None


def _judge(request: Request, status: int, body: str) -> None:
    """Return if the message was taken; raise the error that the answer means
    otherwise.
    """
    if status in request.success_status and request.success_body.search(body):
        return
    words = f"{status} {_phrase(status)}".strip()
    if request.refused_body and request.refused_body.search(body):
        raise RefusedError(REFUSED)
    if status in _ABOUT_US:
        log.warning("sms_gateway_away", code=status)
        raise ServerAwayError(words)
    if 400 <= status < 500 and status not in _LATER:
        raise RefusedError(words)
    if status >= 500:
        # The gateway broke after it got the message, so it may have sent it.
        log.warning("sms_gateway_broke", code=status)
        raise UnknownError(words, is_of_server=True)
    if status in request.success_status:
        # The status says that the message was taken, and the body does not: it is sent
        # again, a limited number of times.
        log.warning("sms_gateway_unclear", code=status)
        raise UnknownError(UNCLEAR)
    log.warning("sms_gateway_put_off", code=status)
    raise PutOffError(words)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


# Escaping the values that are filled in


@sensitive_variables()
def _filled(
    template: str, values: Mapping[str, str], escaped: Callable[[str], str]
) -> str:
    return _PLACE.sub(lambda place: escaped(values[place[1]]), template)


def _in_address(value: str) -> str:
    return quote(value, safe="")


def _in_json(value: str) -> str:
    return json.dumps(value)[1:-1]


def _in_xml(value: str) -> str:
    return escape(value, {'"': "&quot;", "'": "&apos;"})


def _escaping(headers: Mapping[str, str]) -> Callable[[str], str]:
    """How a value is written into a body of this Content-Type."""
    content_type = next(
        (value for name, value in headers.items() if name.lower() == "content-type"), ""
    ).lower()
    if "json" in content_type:
        return _in_json
    if "xml" in content_type:
        return _in_xml
    return quote_plus if "x-www-form-urlencoded" in content_type else str
