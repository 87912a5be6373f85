"""Connections that hold a thread only while the application works for them.

Heads, bodies and answers of every connection pass through one loop a process, which
buffers them. What is slow or silent there costs a little memory until its time is over
(`Limits`), or until somebody else needs the place: then the one that has waited longest
goes, and never one whose request is being answered. So a person whose address is shared
with an attacker's is served like everybody else.
"""

import socket
import sys
import time
from contextlib import suppress
from typing import Any
from wsgiref.types import WSGIApplication

from django.conf import settings
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from config.web import places
from config.web.limits import BODY_BYTES, HEAD_BYTES, Limits
from config.web.messages import Answer, Request, TooSlowError
from config.web.refusals import Refusal
from config.web.shares import Share
from config.web.threads import FairThreads
from counter.web.visitor_address import household, network_told


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection, and since when it has been in the state it is in."""

    parser_class = Request
    task_class = Answer
    error_task_class = Refusal
    # What is received at present; waitress sets it anew for each.
    request: Request | None = None

    def __init__(self, server: "Server", *arguments: Any, **named: Any) -> None:
        self.since = time.monotonic()
        self.in_body = False
        self.answered = False
        self.lingers = False
        self.refused = False
        # More than one request only while a thread hands the next one on.
        self.in_service = 0
        self.thrown_away = 0
        super().__init__(server, *arguments, **named)
        self.household = self.whose = household(self.addr[0])

    def __repr__(self) -> str:
        """In log lines: without the address."""
        return "<a connection>"

    def received(self, data: bytes) -> bool:
        """More bytes of a head or a body."""
        # Empty lines between two requests begin no request, so they gain no time.
        begins = bool(data.strip(b"\r\n"))
        next_one = self.answered and self.request is None and begins
        taken: bool = super().received(data)
        in_body = self.request is not None and self.request.headers_finished
        if next_one or (in_body and not self.in_body):
            self.since = time.monotonic()
        self.in_body = in_body
        if self.server.stopping:
            self.say_goodbye()
        return taken

    def service(self) -> None:
        """Let the application answer, in a thread."""
        whose = self.whose
        with self.requests_lock:
            self.in_service += 1
        try:
            if self.total_outbufs_len:
                # The visitor sends requests and does not read: close after this answer.
                self.requests[0].headers["CONNECTION"] = "close"
            self.refused = self.requests[0].error is not None
            super().service()
        finally:
            with self.requests_lock:
                self.in_service -= 1
            self.answered = True
            self.since = time.monotonic()
            # Always, or this address would have one thread fewer for ever.
            self.server.task_dispatcher.done(whose)

    def handle_write(self) -> None:
        """There is room for more of the answer, or it is all sent."""
        if self.refused and self.close_when_flushed and not self.total_outbufs_len:
            self._linger()
        else:
            super().handle_write()

    def _linger(self) -> None:
        """Say that this was all, and let the visitor read it.

        A connection closed on bytes that nobody has read ends with a reset, and the
        visitor's side forgets the answer.
        """
        self.close_when_flushed = False
        self.lingers = True
        self.since = time.monotonic()
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def handle_read(self) -> None:
        """Bytes have come; after a refusal they are thrown away."""
        if not self.lingers:
            super().handle_read()
            return
        self.thrown_away += len(self.recv(self.adj.recv_bytes))
        if self.thrown_away > BODY_BYTES:
            self.handle_close()

    @property
    def works(self) -> bool:
        """Whether the application is at work for it, or will be."""
        return bool(self.requests)

    @property
    def is_idle(self) -> bool:
        """Whether it waits for the next request and has nothing to send."""
        return self.answered and not (
            self.requests or self.request or self.total_outbufs_len
        )

    def is_overdue(self, now: float, limits: Limits) -> bool:
        if self.works:
            return False
        if self.lingers:
            limit = limits.lingering
        elif self.total_outbufs_len:
            limit = limits.answer
        elif self.is_idle:
            limit = limits.idle
        else:
            limit = limits.body if self.in_body else limits.head
        return now - self.since > limit

    def end(self) -> None:
        """Close it; whoever was sending a request is told that it took too long."""
        if self.request is not None and not self.total_outbufs_len:
            refused, self.request = self.request, None
            refused.error = TooSlowError("")
            with self.requests_lock:
                self.requests.append(refused)
            self.server.add_task(self)
        else:
            self.handle_close()

    def say_goodbye(self) -> None:
        """The answer under way says that it is the last one here."""
        with self.requests_lock:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"


class Server(TcpWSGIServer):  # type: ignore[misc]
    """One listening socket and its connections; `turn` is to be called each second."""

    channel_class = Connection

    def __init__(
        self,
        listener: socket.socket,
        application: WSGIApplication,
        *,
        limits: Limits,
        threads: FairThreads,
        connections: dict[int, Any],
        share: Share | None = None,
    ) -> None:
        """`connections` is waitress' map of everything that one loop looks after."""
        self.limits = limits
        self.share = share or Share(None)
        self.stopping = False
        self.takes_newcomers = True
        kind = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            application,
            connections,
            _sock=listener,
            dispatcher=threads,
            adj=Adjustments(
                sockets=[listener],
                ident=None,
                max_request_header_size=HEAD_BYTES,
                max_request_body_size=BODY_BYTES,
                # No thread waits until a visitor reads: beyond a megabyte an answer is
                # kept in a file, and as long as one is unread the next answer is the
                # connection's last.
                outbuf_high_watermark=sys.maxsize,
                # Keep the proxies' headers: counter.web.visitor_address knows which to
                # believe.
                clear_untrusted_proxy_headers=False,
                log_socket_errors=False,
            ),
            sockinfo=kind,
            bind_socket=False,
        )

    def __repr__(self) -> str:
        return "<the server>"

    def readable(self) -> bool:
        """Whether the next newcomer is for this process."""
        return bool(self.accepting) and (self.stopping or self.takes_newcomers)

    def compare(self) -> bool:
        """Settle whether it takes newcomers in the next turn.

        Whether it is to be a short turn, because it leaves them to another process.
        """
        self.takes_newcomers = self.share.is_mine(self._in_hand())
        return self.share.waits

    def _in_hand(self) -> int:
        """Connections that are answered, sent to, or have yet to ask."""
        return sum(not other.is_idle for other in self.active_channels.values())

    def add_task(self, connection: Connection) -> None:
        """Give a complete request a thread, as soon as it is its address's turn."""
        connection.whose = connection.household
        if settings.PROXIES > 0 and connection.requests:
            name = settings.PROXY_HEADER.upper().replace("-", "_")
            forwarded = connection.requests[0].headers.get(name, "")
            connection.whose = network_told(forwarded) or connection.household
        super().add_task(connection)

    def handle_accept(self) -> None:
        """Accept a connection; above a limit another one is closed for it.

        Nobody is closed for another by a server that stops: what they have asked is
        still unread, and there are never more than the kernel lets wait.
        """
        if self.stopping:
            super().handle_accept()
            return
        before = set(self.active_channels.values())
        super().handle_accept()
        self.share.tell(self._in_hand())
        for new in set(self.active_channels.values()) - before:
            mine = [other for other in before if other.household == new.household]
            is_full = self.limits.connections <= len(before)
            if 0 < self.limits.of_an_address <= len(mine):
                if not places.make_room(mine) and is_full:
                    new.handle_close()
            elif is_full and not places.make_room(before):
                places.refuse_the_greediest(before, new)

    def turn(self) -> None:
        """Close what has had its time."""
        now = time.monotonic()
        for connection in list(self.active_channels.values()):
            if connection.is_overdue(now, self.limits):
                connection.end()

    def stop_listening(self) -> None:
        """Accept who waits already, then nobody; every answer ends its connection."""
        self.take_who_waits()
        self.accepting = False
        self.del_channel()
        self.socket.close()
        for connection in list(self.active_channels.values()):
            connection.say_goodbye()

    def take_who_waits(self) -> None:
        """Accept all that the kernel holds for this socket, and stop soon."""
        self.stopping = True
        accepted = -1
        while accepted < len(self.active_channels):
            accepted = len(self.active_channels)
            self.handle_accept()

    def end_waiting(self, *, bodies: bool) -> None:
        """Close what has sent no whole request; with or without those in a body."""
        for connection in list(self.active_channels.values()):
            waits = not connection.works and not connection.total_outbufs_len
            if waits and (bodies or not connection.in_body):
                connection.handle_close()
