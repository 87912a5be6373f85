"""1. The CPU of one slip, beside the smallest page WeasyPrint can make."""

import dataclasses
import datetime
import gc
from itertools import count

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from activation.codes.slip_paper import Slip, render, warm
from activation.letters.wording import OfficeContact
from bench.measure import Cost, Figure, Rounds, at_most, cost

SLIPS = 12
BARE = 40

SLIP = Slip(
    code="7K3MD9QX4RTV5C",
    masked_email="p•••@gm•••.com",
    last_day=datetime.date(2026, 4, 2),
    language="fr",
    applicant_name="Peter Peeters",
    office=OfficeContact(
        name="Stadskantoor Leuven",
        address="Professor Van Overstraetenplein 1",
        postal_code="3000",
        city="Leuven",
        phone="016 27 27 27",
        help_phone="02 740 79 91",
    ),
    issued_on=datetime.date(2026, 3, 20),
    reference="00000000",
)
_names = count()


def another() -> Slip:
    """A slip nobody printed before, so that no cache has its text."""
    return dataclasses.replace(SLIP, applicant_name=f"Peter Peeters {next(_names)}")


def measure() -> list[Figure]:
    fetcher, fonts = URLFetcher(), FontConfiguration()

    def bare() -> None:
        HTML(string=f"<p>{next(_names)}</p>", url_fetcher=fetcher).write_pdf(
            font_config=fonts
        )

    def slips() -> Cost:
        gc.collect()
        return cost(lambda: render(another()), times=SLIPS)

    def bares() -> Cost:
        gc.collect()
        return cost(bare, times=BARE)

    warm()
    bare()
    rounds = Rounds(slip=slips, bare=bares)
    return [
        Figure(
            1,
            "slip, CPU",
            rounds.ratio("slip", "bare", part="cpu"),
            at_most(7.5),
            ours=rounds.median("slip").shown,
            limit=f"bare <p>: {rounds.median('bare').shown}",
            values=rounds.values(),
        )
    ]
