"""gunicorn's worker process with waitress inside.

gunicorn starts the processes, restarts them when one dies, watches their heartbeats and
stops them. It reads no requests: its settings for processes, threads and their time
limits apply, and its settings for requests do not.
"""

import os
import socket
import time
from types import FrameType
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore

from config.web import limits, shares
from config.web.connections import Server
from config.web.shares import Share
from config.web.threads import FairThreads

TURN_SECONDS = 1.0
# A process that leaves new connections to another one checks this often whether it
# still has to.
WAITING_TURN_SECONDS = 0.01
STOPPING_TURN_SECONDS = 0.05
# How long a stopping server waits: for connections that are being made while it refuses
# new ones, for a request that is on its way, and for the rest of a body.
LAST_KNOCK_SECONDS = 0.2
GOODBYE_SECONDS = 3.0
LAST_BODY_SECONDS = 10.0


class BufferingWorker(Worker):  # type: ignore[misc]
    """A process that reads and writes many connections at once."""

    # The process's place in the table of config.web.shares; config.server sets it
    # before the fork.
    place: int | None = None

    def run(self) -> None:
        """Serve until SIGTERM; then finish the requests that have begun."""
        self.connections: dict[int, Any] = {}
        self.looked_around = 0.0
        count = self.cfg.threads
        self.threads = FairThreads(count, most=limits.threads_of_an_address(count))
        self.servers = [self._server(listener.sock) for listener in self.sockets]
        while self.alive and os.getppid() == self.ppid:
            # Before the turn: a process that must wait for others has to take a short
            # one.
            waits = [server.compare() for server in self.servers]
            self._turn(WAITING_TURN_SECONDS if any(waits) else TURN_SECONDS)
        self._finish()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note SIGTERM and wake the loop, so that it stops at once."""
        super().handle_exit(sig, frame)
        for server in getattr(self, "servers", []):
            server.pull_trigger()

    def _server(self, listener: socket.socket) -> Server:
        return Server(
            listener,
            self.wsgi,
            limits=limits.of_a_process(
                self.cfg.workers, behind_a_proxy=settings.PROXIES > 0
            ),
            threads=self.threads,
            connections=self.connections,
            share=Share(self.place),
        )

    def _turn(self, wait: float) -> None:
        """Run the loop once, for this long at most; once a second check all
        connections.
        """
        wasyncore.loop(wait, use_poll=True, map=self.connections, count=1)
        now = time.monotonic()
        if now - self.looked_around >= TURN_SECONDS:
            self.looked_around = now
            self.notify()
            for server in self.servers:
                server.turn()

    def _finish(self) -> None:
        """Answer all accepted requests, and those in the kernel's queue."""
        began = time.monotonic()
        # Other processes must leave no new connections to a process that stops.
        shares.give_up(self.place)
        while time.monotonic() - began < LAST_KNOCK_SECONDS:
            for server in self.servers:
                server.take_who_waits()
            self._turn(STOPPING_TURN_SECONDS)
        for server in self.servers:
            server.stop_listening()
        while any(server.active_channels for server in self.servers):
            self._turn(STOPPING_TURN_SECONDS)
            waited = time.monotonic() - began
            if waited > self.cfg.graceful_timeout:
                break
            for server in self.servers if waited > GOODBYE_SECONDS else []:
                server.end_waiting(bodies=waited > LAST_BODY_SECONDS)
        self.threads.shutdown(timeout=1)
