"""Sends one HTTP request, with a limit on the time and on the size of the response.

The data goes only to the given URL: redirects are not followed, proxies and passwords
are not read from the environment, and nothing is sent to a server whose certificate is
not valid. httpx logs URLs and headers, so config.logs switches that log off.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any, Final, Self

import httpx
from django.views.decorators.debug import sensitive_variables

LONGEST_ANSWER: Final = 64 * 1024
_STATUSES: Final = range(100, 600)


class UnansweredError(Exception):
    """The request was sent, but no complete response came; the server may have handled
    the request.

    `is_silent` is true for a timeout, false for a broken connection.
    """

    def __init__(self, kind: str, *, is_silent: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.is_silent = is_silent


@sensitive_variables()
def ask(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float
) -> tuple[int, str]:
    """Send the request; return the status and the first 64 KiB of the response's body.

    `seconds` limits the time of connecting, and again the time of everything after it.
    Raises OSError when no connection was made, so nothing was sent; UnansweredError for
    any later failure.
    """
    limit = _Limit(seconds)
    try:
        with limit, _client(seconds) as client:
            request = client.build_request(
                method,
                url,
                headers=dict(headers),
                content=body or None,
                extensions={"trace": limit.watch},
            )
            answer = _read(client, request)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise ConnectionError from None
    except httpx.HTTPError as error:
        is_silent = limit.is_over or isinstance(error, httpx.TimeoutException)
        raise UnansweredError(type(error).__name__, is_silent=is_silent) from None
    if limit.is_over:
        # A body without Content-Length ends with the connection, which may have been
        # closed by `_Limit`.
        raise UnansweredError("TimeoutError", is_silent=True)
    return answer


@sensitive_variables()
def _read(client: httpx.Client, request: httpx.Request) -> tuple[int, str]:
    answer = client.send(request, stream=True)
    beginning = bytearray()
    # Without decompression, because a few compressed bytes can become gigabytes.
    for part in answer.iter_raw():
        beginning += part
        if len(beginning) >= LONGEST_ANSWER:
            break
    return answer.status_code, beginning[:LONGEST_ANSWER].decode("utf-8", "replace")


def _client(seconds: float) -> httpx.Client:
    return httpx.Client(
        verify=ssl.create_default_context(),
        timeout=seconds,
        follow_redirects=False,
        trust_env=False,  # no proxies, no ~/.netrc
        headers={"Accept-Encoding": "identity"},
    )


class _Limit:
    """Closes the connection when the response is not complete in time.

    The timeouts of httpx apply to each single read and write: a server that sends one
    byte a second would never exceed them, and could block the sender for hours.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._over = threading.Event()
        self._ends = ExitStack()

    @property
    def is_over(self) -> bool:
        """Whether the connection was closed: then the response is not complete."""
        return self._over.is_set()

    def watch(self, step: str, info: Mapping[str, Any]) -> None:
        """Called by httpx for each step (extension "trace"); starts the timer as soon
        as the connection is made.
        """
        if step != "connection.connect_tcp.complete":
            return
        # A duplicate, because TLS detaches the first one. Both are the same connection.
        connected = info["return_value"].get_extra_info("socket").dup()
        self._ends.enter_context(connected)
        timer = threading.Timer(self._seconds, self._hang_up, [connected])
        timer.daemon = True
        timer.start()
        self._ends.callback(timer.cancel)

    def _hang_up(self, connected: socket.socket) -> None:
        self._over.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()


def read_statuses(rule: str) -> frozenset[int]:
    """The statuses that a rule such as `200-299,409` means.

    Raises ValueError for a part that is no status and no span of statuses.
    """
    statuses: set[int] = set()
    for part in rule.split(","):
        first, _, last = part.strip().partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span or span[0] not in _STATUSES or span[-1] not in _STATUSES:
            raise ValueError(part)
        statuses.update(span)
    return frozenset(statuses)
