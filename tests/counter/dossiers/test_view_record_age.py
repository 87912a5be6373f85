"""How old somebody has to be, as each office sets it."""

import datetime

import pytest
import time_machine

from counter.dossiers.doubts import about_person
from counter.enums import DoubtKind
from counter.identity.national_number import Sex
from counter.models import Clerk, Dossier
from tests.counter.dossiers.record_form import URL, typed
from tests.litany import signed_in


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2026-03-20T10:00:00Z", tick=False):
        yield


def answered(clerk: Clerk, born: datetime.date) -> tuple[bool, list[str]]:
    """Whether the age is refused, and what is asked about it."""
    form = typed(birth_date=f"{born:%d/%m/%Y}")
    answer = signed_in(clerk).post(URL, form)
    page = answer.context["form"]
    asked = [str(doubt.sentence) for doubt in page.doubts if doubt.kind.name == "MINOR"]
    return "birth_date" in page.errors, asked


@pytest.mark.parametrize(
    ("minimum", "born", "refused"),
    [
        (12, datetime.date(2014, 3, 21), True),
        (12, datetime.date(2014, 3, 20), False),
        (15, datetime.date(2011, 3, 21), True),
        (15, datetime.date(2011, 3, 20), False),
        (0, datetime.date(2026, 3, 20), False),
    ],
)
def test_the_office_says_from_which_age(
    els: Clerk, minimum: int, born: datetime.date, *, refused: bool
) -> None:
    assert els.office is not None
    els.office.minimum_age = minimum
    els.office.save()
    assert answered(els, born)[0] is refused
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("below", "born", "asked"),
    [
        (18, datetime.date(2008, 3, 21), True),
        (18, datetime.date(2008, 3, 20), False),
        (16, datetime.date(2010, 3, 21), True),
        (16, datetime.date(2010, 3, 20), False),
        (0, datetime.date(2013, 3, 20), False),
    ],
)
def test_the_office_says_below_which_age_it_asks(
    els: Clerk, below: int, born: datetime.date, *, asked: bool
) -> None:
    assert els.office is not None
    els.office.ask_below_age = below
    els.office.save()
    questions = answered(els, born)[1]
    assert bool(questions) is asked
    assert all(str(below) in question for question in questions)


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (datetime.date(2030, 2, 28), True),
        (datetime.date(2030, 3, 1), False),
    ],
)
def test_who_was_born_on_29_february_is_18_on_1_march(
    day: datetime.date, *, asked: bool
) -> None:
    born = datetime.date(2012, 2, 29)
    doubts = about_person(None, born, Sex.UNKNOWN, today=day)
    assert [doubt.kind for doubt in doubts] == [DoubtKind.MINOR] * asked


def test_the_refusal_names_the_offices_age(els: Clerk) -> None:
    assert els.office is not None
    els.office.minimum_age = 15
    els.office.save()
    form = typed(birth_date="20/03/2012")
    page = signed_in(els).post(URL, form).content.decode()
    assert "15 years or older" in page
