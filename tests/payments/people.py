"""Many people at once, for tests that are only about their money."""

import datetime

from counter.models import Clerk, Dossier
from tests import cast


def dossiers(clerk: Clerk, count: int, *, first: int = 1) -> list[Dossier]:
    """Recorded dossiers of as many people, with generated national numbers."""
    made = []
    for place in range(first, first + count):
        born = datetime.date(1950, 1, 1) + datetime.timedelta(days=place // 900)
        nine = f"{born:%y%m%d}{place % 900 + 1:03}"
        number = f"{nine}{97 - int(nine) % 97:02}"
        person = cast.make_applicant(number, birth_date=born)
        made.append(cast.make_dossier(person, clerk))
    return made
