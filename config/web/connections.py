"""Connections that hold a thread only while the application works for them.

One loop in each process reads and writes all connections, and buffers their heads,
bodies and answers. A slow or silent connection costs a little memory until its time is
over (`Limits`), or until its place is needed: then the one that has waited longest is
closed, and never one whose request is being answered. So a person who shares an address
with an attacker is served like everybody else.
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
from config.web.limits import BODY_BYTES, HEAD_BYTES, ON_THE_WAY, Limits
from config.web.messages import Answer, Request, TooSlowError
from config.web.refusals import Refusal
from config.web.shares import Share
from config.web.threads import FairThreads
from counter.web.visitor_address import household, network_told


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection, its state, and since when it is in that state."""

    parser_class = Request
    task_class = Answer
    error_task_class = Refusal
    # The request that is being received; waitress sets it anew for each.
    request: Request | None = None

    def __init__(self, server: "Server", *arguments: Any, **named: Any) -> None:
        self.since = time.monotonic()
        self.in_body = False
        self.answered = False
        self.lingers = False
        # It is being refused, or sends requests without waiting for answers.
        self.may_send_more = False
        # The number of threads in `service`; two only while one hands over to the next.
        self.in_service = 0
        self.thrown_away = 0
        super().__init__(server, *arguments, **named)
        self.household = self.whose = household(self.addr[0])

    def __repr__(self) -> str:
        """For log lines: without the visitor's address."""
        return "<a connection>"

    def received(self, data: bytes) -> bool:
        """Take more bytes of a head or a body."""
        if self.request is None:
            # Empty lines between two requests begin no request, so they do not extend
            # its time.
            data = data.lstrip(b"\r\n")
        next_one = self.answered and self.request is None and data
        taken: bool = super().received(data)
        in_body = self.request is not None and self.request.headers_finished
        if next_one or (in_body and not self.in_body):
            self.since = time.monotonic()
        self.in_body = in_body
        if self.server.stopping:
            self.say_goodbye()
        return taken

    def service(self) -> None:
        """Let the application answer the next request; runs in a thread."""
        whose = self.whose
        with self.requests_lock:
            self.in_service += 1
        try:
            request = self.requests[0]
            self.may_send_more = request.error is not None or request.is_followed
            super().service()
        finally:
            with self.requests_lock:
                self.in_service -= 1
            self.answered = True
            self.since = time.monotonic()
            # Even after an error, or this address would have one thread fewer for ever.
            self.server.task_dispatcher.done(whose)

    def handle_write(self) -> None:
        """Send more of the answer, or end the connection when all of it is sent."""
        is_sent = self.close_when_flushed and not self.total_outbufs_len
        if is_sent and self.may_send_more:
            self._linger()
        else:
            super().handle_write()

    def _linger(self) -> None:
        """Close our side only, and let the visitor read the answer.

        If a socket is closed while unread bytes wait in it, the kernel sends a reset,
        and the visitor's side discards the answer.
        """
        self.close_when_flushed = False
        self.lingers = True
        self.since = time.monotonic()
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def handle_read(self) -> None:
        """Read what has come; it is thrown away while the connection lingers."""
        if not self.lingers:
            super().handle_read()
            return
        self.thrown_away += len(self.recv(self.adj.recv_bytes))
        if self.thrown_away > BODY_BYTES:
            self.handle_close()

    @property
    def works(self) -> bool:
        """Whether the application is working for this connection, or will be."""
        return bool(self.requests)

    @property
    def is_idle(self) -> bool:
        """Whether it waits for its next request and has nothing to send."""
        return self.answered and not (
            self.requests or self.request or self.total_outbufs_len
        )

    def is_new(self, now: float) -> bool:
        """Whether its request may still be on the way."""
        waits = not (self.is_idle or self.lingers or self.total_outbufs_len)
        return waits and now - self.since < ON_THE_WAY

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
        """Close the connection; a request that was not complete is answered with a
        timeout.
        """
        if self.request is not None and not self.total_outbufs_len:
            refused, self.request = self.request, None
            refused.error = TooSlowError("")
            with self.requests_lock:
                self.requests.append(refused)
            self.server.add_task(self)
        else:
            self.handle_close()

    def say_goodbye(self) -> None:
        """Let the answers that are still to come say that the connection ends after
        them.
        """
        with self.requests_lock:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"


class Server(TcpWSGIServer):  # type: ignore[misc]
    """One listening socket and its connections; call `turn` every second."""

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
        """`connections` is waitress' map of all sockets that one loop handles."""
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
                # No thread waits for a visitor to read. An answer above a megabyte is
                # kept in a file, and no request is read while an answer is unread.
                outbuf_high_watermark=sys.maxsize,
                # Keep the proxies' headers: counter.web.visitor_address decides which
                # to trust.
                clear_untrusted_proxy_headers=False,
                log_socket_errors=False,
            ),
            sockinfo=kind,
            bind_socket=False,
        )

    def __repr__(self) -> str:
        return "<the server>"

    def readable(self) -> bool:
        """Whether this process accepts the next new connection."""
        return bool(self.accepting) and (self.stopping or self.takes_newcomers)

    def compare(self) -> bool:
        """Decide whether this process accepts connections in the next turn.

        Returns whether that turn should be short, because another process is to accept
        them.
        """
        self.takes_newcomers = self.share.is_mine(self._in_hand())
        return self.share.waits

    def _in_hand(self) -> int:
        """The number of connections that are not idle."""
        return sum(not other.is_idle for other in self.active_channels.values())

    def add_task(self, connection: Connection) -> None:
        """Queue a complete request; it gets a thread when it is its address's turn."""
        connection.whose = connection.household
        if settings.PROXIES > 0 and connection.requests:
            name = settings.PROXY_HEADER.upper().replace("-", "_")
            forwarded = connection.requests[0].headers.get(name, "")
            connection.whose = network_told(forwarded) or connection.household
        super().add_task(connection)

    def handle_accept(self) -> None:
        """Accept a connection; above a limit another one is closed for it.

        A server that is stopping closes none: their requests are still unread, and
        there are never more than fit in the kernel's queue.
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
                if not places.make_room_at_home(mine, self.limits, full=is_full):
                    new.handle_close()
            elif is_full and not places.make_room(before):
                places.refuse_the_greediest(before, new)

    def turn(self) -> None:
        """Close the connections whose time is over."""
        now = time.monotonic()
        for connection in list(self.active_channels.values()):
            if connection.is_overdue(now, self.limits):
                connection.end()

    def stop_listening(self) -> None:
        """Accept the waiting connections, then stop listening; every connection ends
        with its answer.
        """
        self.take_who_waits()
        self.accepting = False
        self.del_channel()
        self.socket.close()
        for connection in list(self.active_channels.values()):
            connection.say_goodbye()

    def take_who_waits(self) -> None:
        """Accept all connections in the kernel's queue for this socket; from now on,
        stop.
        """
        self.stopping = True
        accepted = -1
        while accepted < len(self.active_channels):
            accepted = len(self.active_channels)
            self.handle_accept()

    def end_waiting(self, *, bodies: bool) -> None:
        """Close connections without a complete request; those in a body only if
        `bodies`.
        """
        for connection in list(self.active_channels.values()):
            waits = not connection.works and not connection.total_outbufs_len
            if waits and (bodies or not connection.in_body):
                connection.handle_close()
