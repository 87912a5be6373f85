"""11. The memory of a web process after 1,000 slips, beside itself after 100."""

from django.urls import reverse

from bench.measure import Figure, at_most
from bench.people import Visitors, colleagues, make_clerk
from bench.visit import pay
from bench.web import Web, Wire, at_once, signed_in

CONNECTIONS = 8
FIRST = 104
ALL = 1000
MIB = 1 << 20


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    clerks = colleagues(visitors.clerk, CONNECTIONS)
    dossiers = visitors.recorded(CONNECTIONS)
    for dossier, clerk in zip(dossiers, clerks, strict=True):
        pay(dossier, clerk)
    paths = [reverse("activation_desk:slip", args=[dossier.pk]) for dossier in dossiers]
    with Web(processes=1) as web:
        wires = [Wire(web.port, signed_in(clerk)) for clerk in clerks]

        def open_slips(count: int) -> float:
            """MiB of the process that served them, after `count` more slips."""

            def ask(place: int) -> None:
                for _ in range(count // CONNECTIONS):
                    answer = wires[place].get(paths[place])
                    if not answer.body.startswith(b"%PDF-"):
                        raise RuntimeError(repr(answer.head))

            at_once(CONNECTIONS, ask)
            return float(max(p.memory_info().rss for p in web.family()[1:])) / MIB

        after_100 = open_slips(FIRST)
        after_1000 = open_slips(ALL - FIRST)
    return [
        Figure(
            11,
            "memory of a web process after 1,000 slips",
            after_1000 / after_100,
            at_most(1.1),
            ours=f"{after_1000:.0f} MiB",
            limit=f"after 100: {after_100:.0f} MiB",
            values={"mib": [after_100, after_1000]},
        )
    ]
