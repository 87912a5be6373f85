"""How a stopping server refuses new connections without losing those in the queue.

When a socket stops listening, the kernel resets every connection that is half made, or
made and not accepted yet: what they sent is lost, and a proxy must not send a form
again. So a filter on the sockets first drops the packets that begin a new connection;
the client tries again after a second, and is refused then. Meanwhile the processes
accept the connections in the queue (`config.web.worker`).
"""

import ctypes
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, NoReturn

from gunicorn.arbiter import Arbiter

_SO_ATTACH_FILTER: Final = 26
# A program for Linux' packet filter (BPF), as (operation, jump if true, jump if false,
# value): read the flags of the TCP header, drop packets with SYN and without ACK, keep
# all others.
_DROP_NEWCOMERS: Final = (
    (0x30, 0, 0, 13),
    (0x54, 0, 0, 0x12),
    (0x15, 0, 1, 0x02),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


def refuse_connections_at_sigterm(arbiter: Arbiter) -> None:
    """Make gunicorn's main process refuse new connections at SIGTERM, before it stops
    its children.

    It does not if another process goes on listening on the same sockets: systemd, or
    the process that started this one or was started by it (SIGUSR2).
    """

    def handle_term() -> NoReturn:
        if not (arbiter.systemd or arbiter.master_pid or arbiter.reexec_pid):
            refuse_newcomers(listener.sock for listener in arbiter.LISTENERS)
        raise StopIteration

    arbiter.handle_term = handle_term


def refuse_newcomers(listeners: Iterable[socket.socket]) -> None:
    """Let no new connection begin; those that are being made are finished.

    If the kernel has no such filter nothing happens, and a connection that arrives at
    the last instant may be lost.
    """
    program = b"".join(struct.pack("HBBI", *step) for step in _DROP_NEWCOMERS)
    memory = ctypes.create_string_buffer(program)
    words = struct.pack("HP", len(_DROP_NEWCOMERS), ctypes.addressof(memory))
    for listener in listeners:
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, words)
