"""A text message gateway on a bad day: a real HTTP server, in a thread of the test.

with SmsGateway() as gateway:
    gateway.answers.append(Answer(500))
    ...
    assert gateway.taken[0].body == ...
"""

import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Answer:
    """What it says next. `after` seconds; `drop` cuts the connection instead."""

    status: int = 200
    body: str = '{"status": "accepted"}'
    after: float = 0.0
    drop: bool = False
    location: str = ""
    #: Seconds between the bytes of a body that is never whole.
    drip: float = 0.0


@dataclass(frozen=True)
class Taken:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class SmsGateway:
    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.taken: list[Taken] = []
        self.closed = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/messages"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                gateway.taken.append(Taken(self.command, self.path, headers, body))
                says = gateway.answers.popleft() if gateway.answers else Answer()
                gateway.closed.wait(says.after)
                if not says.drop:
                    self.say(says)
                self.close_connection = True

            def say(self, says: Answer) -> None:
                body = says.body.encode()
                self.send_response(says.status)
                if says.location:
                    self.send_header("Location", says.location)
                longer = 1000 if says.drip else 0
                self.send_header("Content-Length", str(len(body) + longer))
                self.end_headers()
                self.wfile.write(body)
                while says.drip and not gateway.closed.wait(says.drip):
                    self.wfile.write(b" ")

            do_GET = do_POST = do_PUT = answer  # noqa: N815 (http.server's names)

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True  # the sender gave up

        return Handler

    def stop(self) -> None:
        """Nothing listens there any more."""
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.closed.is_set():
            self.stop()
