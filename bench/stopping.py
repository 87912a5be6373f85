"""12. From SIGTERM to the end of the web server, while clerks go on working."""

import math
import signal
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse

from bench.measure import ROUNDS, Figure, at_most
from bench.people import make_clerk
from bench.web import LostError, Web, Wire, signed_in

CONNECTIONS = 8
LOAD_SECONDS = 1.0


@dataclass
class Load:
    """Eight browsers, each request on a connection of its own, as through a proxy.

    A refused connection is no loss: the proxy asks another server. A request that
    was sent and has no whole answer is one, told apart by whether it was under way
    when SIGTERM came or still found the closing server's door open.
    """

    port: int
    cookies: dict[str, str]
    path: str
    seen: Counter[str] = field(default_factory=Counter)
    stopped_at: float = math.inf

    def run(self) -> None:
        while True:
            try:
                wire = Wire(self.port, self.cookies)
            except OSError:
                return
            sent = time.perf_counter()
            try:
                answer = wire.get(self.path)
                self.seen["answered" if answer.status == 200 else "failed"] += 1
            except (LostError, TimeoutError):
                early = sent < self.stopped_at
                self.seen["lost under way" if early else "lost at the door"] += 1
            finally:
                wire.close()


def measure() -> list[Figure]:
    cookies = signed_in(make_clerk())
    seconds: list[float] = []
    seen: Counter[str] = Counter()
    for _ in range(ROUNDS):
        with Web() as web:
            load = Load(web.port, cookies, reverse("counter_desk:desk"))
            seconds.append(_stop_under(load, web))
            seen += load.seen
    figures = [
        Figure(
            12,
            "SIGTERM to exit, under load",
            max(seconds),
            at_most(2, " s"),
            ours=f"median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f}",
            values={"seconds": seconds},
        )
    ]
    for lost, name in (
        (seen["lost under way"] + seen["failed"], "requests under way lost"),
        (seen["lost at the door"], "requests sent after SIGTERM lost"),
    ):
        ours = f"{lost} of {seen.total()} in {ROUNDS} stops"
        figures.append(Figure(12, name, lost, at_most(0), ours=ours, values=dict(seen)))
    return figures


def _stop_under(load: Load, web: Web) -> float:
    browsers = [threading.Thread(target=load.run) for _ in range(CONNECTIONS)]
    for browser in browsers:
        browser.start()
    time.sleep(LOAD_SECONDS)
    if web.process is None:
        raise RuntimeError("The web server is not running.")
    load.stopped_at = time.perf_counter()
    web.process.send_signal(signal.SIGTERM)
    web.process.wait(30)
    took = time.perf_counter() - load.stopped_at
    for browser in browsers:
        browser.join()
    return took
