"""One HTTP request to one address, within one limit of time and of bytes.

What is sent goes to the given address and nowhere else: no redirect is followed, no
proxy and no password is read from the environment, and a server whose certificate
nobody vouches for is told nothing. httpx writes addresses and headers into its log,
which config.logs therefore switches off.
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


class UnansweredError(Exception):
    """The server may have taken the request; no whole answer came.

    `is_silent` when its time was over, rather than that it broke off.
    """

    def __init__(self, kind: str, *, is_silent: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.is_silent = is_silent


@sensitive_variables()
def ask(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float
) -> tuple[int, str]:
    """The answer's status and the first 64 KiB of its body.

    `seconds` are for connecting, and then once more for all the rest. Raises OSError
    when no connection came about and so nothing was sent, UnansweredError afterwards.
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
        # A body without a stated length ends with the connection, which we may have
        # closed.
        raise UnansweredError("TimeoutError", is_silent=True)
    return answer


@sensitive_variables()
def _read(client: httpx.Client, request: httpx.Request) -> tuple[int, str]:
    answer = client.send(request, stream=True)
    beginning = bytearray()
    # Raw, because a few compressed bytes can stand for gigabytes.
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
    """Hangs up on a server that has not answered in full in time.

    httpx's own limits are for each read and each write: a server that says one byte
    a second keeps to them and would hold its sender for hours.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._over = threading.Event()
        self._ends = ExitStack()

    @property
    def is_over(self) -> bool:
        """Whether it hung up: what was read until then is no whole answer."""
        return self._over.is_set()

    def watch(self, step: str, info: Mapping[str, Any]) -> None:
        """Told of each step by httpx (its extension "trace"): once connected, count."""
        if step != "connection.connect_tcp.complete":
            return
        # A copy, because TLS takes the first one over; what is shut is the same.
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
