"""A mail server that keeps nothing, and says when it took what.

`python -m bench.sink 2525 0.02 taken.txt`: port, seconds before each reply, and a file
that gets one line a mail with the moment it was accepted (the machine's monotonic
clock). It is the mail catcher's server (localrun.servers.smtp) without the storing.
"""

import asyncio
import signal
import sys
import time
from pathlib import Path
from typing import TextIO

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Slow(SMTP):
    """Answers as late as a distant server does."""

    delay = 0.0

    async def push[Status: (str, bytes)](self, status: Status) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        await super().push(status)


class Taker:
    def __init__(self, taken: TextIO) -> None:
        self.taken = taken

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        self.taken.write(f"{time.monotonic()}\n")
        return "250 2.0.0 Taken"


class Sink(Controller):
    def factory(self) -> Slow:
        return Slow(self.handler, hostname="localhost")


def main() -> None:
    port, delay, path = sys.argv[1:]
    Slow.delay = float(delay)
    # Blocked before the server's thread starts, so that no thread takes them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    with Path(path).open("w", buffering=1) as taken:
        sink = Sink(Taker(taken), hostname="127.0.0.1", port=int(port))
        sink.start()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
        sink.stop()


if __name__ == "__main__":
    main()
