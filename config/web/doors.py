"""How a server that is told to stop refuses newcomers and keeps who is at the door.

A socket that stops listening resets every connection that the kernel has made and
nobody has accepted, and those half made: what they sent is lost, and a proxy must not
send a form again. So the sockets first stop answering to newcomers, whose machine asks
again after a second and is refused then; meanwhile the processes accept who is there
(`config.web.worker`).
"""

import ctypes
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, NoReturn

from gunicorn.arbiter import Arbiter

_SO_ATTACH_FILTER: Final = 26
# Linux' own packet filter (BPF), as (operation, jump if true, jump if false, value):
# look at the TCP header's flags, drop what has SYN and no ACK, keep the rest.
_DROP_NEWCOMERS: Final = (
    (0x30, 0, 0, 13),
    (0x54, 0, 0, 0x12),
    (0x15, 0, 1, 0x02),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


def close_them_first(arbiter: Arbiter) -> None:
    """Have gunicorn's first process refuse newcomers at SIGTERM, before its children
    stop.

    Not where somebody else goes on listening at the same sockets: systemd's, or those
    of the process that this one was started by or has started (SIGUSR2).
    """

    def handle_term() -> NoReturn:
        if not (arbiter.systemd or arbiter.master_pid or arbiter.reexec_pid):
            refuse_newcomers(listener.sock for listener in arbiter.LISTENERS)
        raise StopIteration

    arbiter.handle_term = handle_term


def refuse_newcomers(listeners: Iterable[socket.socket]) -> None:
    """Let no new connection begin; those under way are made.

    Where the kernel has no such filter nothing happens, and a connection that comes in
    the last instant may be lost.
    """
    program = b"".join(struct.pack("HBBI", *step) for step in _DROP_NEWCOMERS)
    memory = ctypes.create_string_buffer(program)
    words = struct.pack("HP", len(_DROP_NEWCOMERS), ctypes.addressof(memory))
    for listener in listeners:
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, words)
