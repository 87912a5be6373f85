"""3. The recording page, requests a second, beside the least a page can do."""

import time

from django.urls import reverse

from bench.measure import Cost, Figure, Rounds, at_least
from bench.people import make_clerk
from bench.web import Web, Wire, at_once, signed_in

CONNECTIONS = 8
SECONDS = 1.5


def measure() -> list[Figure]:
    cookies = signed_in(make_clerk())
    page, peer = reverse("counter_dossiers:record_applicant"), reverse("bench_peer")
    with Web() as web:
        wires = [Wire(web.port, cookies) for _ in range(CONNECTIONS)]

        def load(path: str, seconds: float = SECONDS) -> Cost:
            """What one request costs on eight connections: time, the server's CPU."""
            answered = [0] * CONNECTIONS
            until = time.perf_counter() + seconds

            def ask(place: int) -> None:
                while time.perf_counter() < until:
                    answer = wires[place].get(path)
                    if answer.status != 200:
                        raise RuntimeError(f"{path}: {answer.head!r}")
                    answered[place] += 1

            wall, cpu = time.perf_counter(), web.cpu()
            at_once(CONNECTIONS, ask)
            wall, cpu = time.perf_counter() - wall, web.cpu() - cpu
            return Cost(wall / sum(answered), cpu / sum(answered))

        for path in (page, peer):
            load(path, 0.5)  # templates, connections to the database
        rounds = Rounds(page=lambda: load(page), peer=lambda: load(peer))
    return [
        Figure(
            3,
            "recording page, requests a second",
            rounds.ratio("peer", "page", part="wall"),
            at_least(0.5),
            ours=f"{1 / rounds.median('page').wall:.0f} a second"
            f" ({rounds.median('page').cpu * 1000:.2f} ms CPU)",
            limit=f"session, user, 1 query: {1 / rounds.median('peer').wall:.0f}"
            f" a second ({rounds.median('peer').cpu * 1000:.2f} ms CPU)",
            values=rounds.values(),
        )
    ]
