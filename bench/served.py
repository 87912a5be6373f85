"""2 and 14. From the pay button to the slip in the browser, through the web server.

What the browser does is done one after the other: the form, the dossier's page it
leads to, the slip in that page, until the first byte of the PDF.
"""

import os
import time
import uuid
from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import open_slip
from activation.codes.slip_paper import render, warm
from bench.measure import Cost, Figure, Rounds, at_most, cost, percentile
from bench.people import Visitors, colleagues, make_clerk
from bench.visit import pay
from bench.web import Web, Wire, at_once, signed_in
from counter.models import Dossier

ROUNDS = 15
CLERKS = 8
BURSTS = 6
PRINTED_AGAIN = 3


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    cookies = signed_in(visitors.clerk)
    others = [signed_in(clerk) for clerk in colleagues(visitors.clerk, CLERKS)]
    clerk = Client(SERVER_NAME="127.0.0.1")
    clerk.force_login(visitors.clerk)
    warm()
    with Web() as web:

        def burst() -> list[float]:
            # Opened anew, as by eight browsers that have been idle.
            wires = [Wire(web.port, theirs) for theirs in others]
            return _burst(wires, visitors)

        for _ in range(8):
            burst()  # every thread's first slip
        wire = Wire(web.port, cookies)
        rounds = Rounds(
            count=ROUNDS,
            served=_served_once(wire, visitors),
            parts=lambda: _parts(visitors, clerk),
        )
        waits = [wait for _ in range(BURSTS) for wait in burst()]
        again = _again(wire, visitors)
    p95 = percentile(waits, 0.95)
    cores = os.cpu_count() or 1
    floor = rounds.median("parts").cpu * CLERKS / cores
    return [
        Figure(
            2,
            "slip as served, one clerk",
            rounds.ratio("served", "parts", part="wall"),
            at_most(1.3),
            ours=f"{rounds.median('served').wall * 1000:.0f} ms",
            limit=f"payment + page + slip alone: {rounds.median('parts').shown}",
            values=rounds.values(),
        ),
        Figure(
            2,
            f"slip as served, {CLERKS} clerks at once, p95",
            p95 / floor,
            at_most(1.5),
            ours=f"{p95 * 1000:.0f} ms, median {percentile(waits, 0.5) * 1000:.0f} ms",
            limit=f"their CPU alone, on {cores} cores: {floor * 1000:.0f} ms",
            values={"seconds": waits},
        ),
        Figure(
            14,
            "the slip's request, warm",
            again.ratio("request", "slip", part="wall"),
            at_most(1.15),
            ours=again.median("request").shown.rpartition(", ")[2],
            limit=f"the slip alone: {again.median('slip').shown}",
            values=again.values(),
        ),
    ]


def _served(wire: Wire, dossier: Dossier) -> float:
    """Seconds from the press of the button to the first byte of the PDF."""
    form = {"submission": uuid.uuid4(), "method": "cash", "tendered": "20"}
    started = time.perf_counter()
    paid = wire.post(reverse("activation_desk:pay_and_issue", args=[dossier.pk]), form)
    page = wire.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    slip = wire.get(reverse("activation_desk:slip", args=[dossier.pk]))
    if not (paid.status < 400 and page.status == 200 and slip.body[:5] == b"%PDF-"):
        raise RuntimeError(f"{paid.status}, {page.status}, {slip.head!r}")
    return slip.first_byte - started


def _again(wire: Wire, visitors: Visitors) -> Rounds:
    """A slip that is printed again, as a request and without one."""
    (dossier,) = visitors.recorded(1)
    pay(dossier, visitors.clerk)
    path = reverse("activation_desk:slip", args=[dossier.pk])

    def request() -> None:
        if not wire.get(path).body.startswith(b"%PDF-"):
            raise RuntimeError(path)

    def slip() -> None:
        render(open_slip(dossier=dossier, clerk=visitors.clerk, at=timezone.now()))

    return Rounds(
        count=ROUNDS,
        request=lambda: cost(request, times=PRINTED_AGAIN),
        slip=lambda: cost(slip, times=PRINTED_AGAIN),
    )


def _served_once(wire: Wire, visitors: Visitors) -> Callable[[], Cost]:
    def served() -> Cost:
        (dossier,) = visitors.recorded(1)
        return Cost(_served(wire, dossier), 0.0)

    return served


def _burst(wires: list[Wire], visitors: Visitors) -> list[float]:
    """Every clerk presses the button at the same instant."""
    dossiers = visitors.recorded(len(wires))
    waits = [0.0] * len(wires)

    def press(place: int) -> None:
        waits[place] = _served(wires[place], dossiers[place])

    at_once(len(wires), press)
    return waits


def _parts(visitors: Visitors, clerk: Client) -> Cost:
    """The three parts in this process, one after the other, without a server."""
    (dossier,) = visitors.recorded(1)

    def look() -> None:
        page = clerk.get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
        if page.status_code != 200:
            raise RuntimeError(f"The dossier's page answered {page.status_code}.")

    def draw() -> None:
        render(open_slip(dossier=dossier, clerk=visitors.clerk, at=timezone.now()))

    costs = [cost(lambda: pay(dossier, visitors.clerk)), cost(look), cost(draw)]
    return Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs))
