"""A text message gateway that can fail: a real HTTP server in a thread of the test.

with SmsGateway() as gateway:
    gateway.answers.append(Answer(500))
    ...
    assert gateway.taken[0].body == ...
"""

import ssl
import threading
from collections import deque
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self

# So that a sender without a time limit fails its test and does not hang it.
_MOST_DRIPS = 300


@dataclass(frozen=True)
class Answer:
    """One answer of the gateway, sent after so many seconds (`after`).

    `drop` cuts the connection instead; `half` cuts it before the end of the body.
    """

    status: int = 200
    body: str = '{"status": "accepted"}'
    after: float = 0.0
    drop: bool = False
    half: bool = False
    location: str = ""
    #: Seconds between the bytes of an answer that is never whole.
    drip: float = 0.0
    drips_in: Literal["head", "body", "body of no given length"] = "body"


@dataclass(frozen=True)
class Taken:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class _Handler(BaseHTTPRequestHandler):
    gateway: "SmsGateway"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        gateway = self.gateway
        gateway.taken.append(Taken(self.command, self.path, headers, body))
        answer = gateway.answers.popleft() if gateway.answers else Answer()
        gateway.closed.wait(answer.after)
        if not answer.drop:
            self._write(answer)
        self.close_connection = True

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.drips_in == "head":
            self.flush_headers()
            self.wfile.write(b"X-Slow: ")
        else:
            self._write_body(answer)
        for _ in range(_MOST_DRIPS if answer.drip else 0):
            if self.gateway.closed.wait(answer.drip):
                break
            self.wfile.write(b" ")

    def _write_body(self, answer: Answer) -> None:
        body = answer.body.encode()
        longer = 1000 if answer.drip or answer.half else 0
        if answer.drips_in == "body":
            self.send_header("Content-Length", str(len(body) + longer))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer  # noqa: N815 (http.server's names)

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the sender gave up


class SmsGateway:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: deque[Answer] = deque()
        self.taken: list[Taken] = []
        self.closed = threading.Event()
        handler = type("Handler", (_Handler,), {"gateway": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/messages"

    def stop(self) -> None:
        """Stop the server; nothing listens at its address any more."""
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        # `stop` waits until the server looks for it, every half second by default.
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.closed.is_set():
            self.stop()
