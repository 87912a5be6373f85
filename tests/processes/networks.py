"""A network of its own for each machine of a test, made by the kernel.

    with Network(1) as network, Door(network.outside, database) as door:
        spawn([*network.inside, "python", ...], DATABASE_URL=door...)

This needs root and `ip`. Elsewhere the machines use the network of the test
(`are_possible`).
"""

import ipaddress
import os
import shutil
import socket
import subprocess
import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

#: Eight addresses for each process of tests: four for each of two machines.
_FIRST: Final = int(ipaddress.IPv4Address("10.240.0.0"))
_EACH: Final = 8

Address = tuple[str, int]


def are_possible() -> bool:
    """Whether this process may make a network; it makes one to know."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        return False
    try:
        with Network(1):
            return True
    except subprocess.CalledProcessError:
        return False


class Network:
    """A name space with one cable, which leads to the network of the test.

    `outside` is the address of the test's end of the cable, and `address` that of the
    machine's end. A command that follows the words `inside` runs in the name space.
    """

    def __init__(self, nth: int) -> None:
        first = _FIRST + os.getpid() % 2**16 * _EACH + 4 * nth
        self.outside = str(ipaddress.IPv4Address(first + 1))
        self.address = str(ipaddress.IPv4Address(first + 2))
        self.name = f"machine-{os.getpid()}-{nth}"
        self.inside = ["ip", "netns", "exec", self.name]

    def __enter__(self) -> Self:
        cable = f"m{os.getpid()}-{self.name[-1]}"
        _ip("netns", "add", self.name)
        try:
            _ip(
                "link",
                "add",
                cable,
                *("type", "veth", "peer", "name", "eth0"),
                "netns",
                self.name,
            )
            _ip("address", "add", f"{self.outside}/30", "dev", cable)
            _ip("link", "set", cable, "up")
            within = ("-netns", self.name)
            _ip(*within, "address", "add", f"{self.address}/30", "dev", "eth0")
            for end in ("eth0", "lo"):
                _ip(*within, "link", "set", end, "up")
        except subprocess.CalledProcessError:
            _ip("netns", "delete", self.name)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _ip("netns", "delete", self.name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


class Door:
    """Passes each connection on to a server of another network.

    Machines need it because the servers of the tests listen on 127.0.0.1 alone.
    """

    def __init__(self, at: str, to: Address) -> None:
        self._to = to
        self._listener = socket.create_server((at, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                guest, _ = self._listener.accept()
                threading.Thread(target=self._lead, args=[guest], daemon=True).start()

    def _lead(self, guest: socket.socket) -> None:
        with guest:
            try:
                server = socket.create_connection(self._to, timeout=20)
            except OSError:
                return
            server.settimeout(None)
            with server:
                back = threading.Thread(
                    target=_pass_on, args=[server, guest], daemon=True
                )
                back.start()
                _pass_on(guest, server)
                back.join()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on until one side hangs up; then end the other side too."""
    with suppress(OSError):
        while part := one.recv(1 << 16):
            other.sendall(part)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
