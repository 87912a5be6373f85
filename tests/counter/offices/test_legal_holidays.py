"""The holidays of Belgium: when they are, and what they are called."""

import datetime

import pytest
from django.utils import translation

from counter.offices.legal_holidays import legal, name_of, usual

# From the calendar; Easter is on 5 April 2026 and on 28 March 2027.
LEGAL = {
    2026: {
        "2026-01-01": "Nieuwjaar",
        "2026-04-05": "Pasen",
        "2026-04-06": "Paasmaandag",
        "2026-05-01": "Dag van de Arbeid",
        "2026-05-14": "O.L.H.-Hemelvaart",
        "2026-05-24": "Pinksteren",
        "2026-05-25": "Pinkstermaandag",
        "2026-07-21": "Nationale feestdag",
        "2026-08-15": "O.L.V.-Hemelvaart",
        "2026-11-01": "Allerheiligen",
        "2026-11-11": "Wapenstilstand",
        "2026-12-25": "Kerstmis",
    },
    2027: {
        "2027-01-01": "Nieuwjaar",
        "2027-03-28": "Pasen",
        "2027-03-29": "Paasmaandag",
        "2027-05-01": "Dag van de Arbeid",
        "2027-05-06": "O.L.H.-Hemelvaart",
        "2027-05-16": "Pinksteren",
        "2027-05-17": "Pinkstermaandag",
        "2027-07-21": "Nationale feestdag",
        "2027-08-15": "O.L.V.-Hemelvaart",
        "2027-11-01": "Allerheiligen",
        "2027-11-11": "Wapenstilstand",
        "2027-12-25": "Kerstmis",
    },
}
USUAL = {
    2026: {
        "2026-05-15": "Vrijdag na O.L.H.-Hemelvaart",
        "2026-07-11": "Feest van de Vlaamse Gemeenschap",
        "2026-09-07": "Kermismaandag",
        "2026-09-27": "Feest van de Franse Gemeenschap",
        "2026-11-02": "Allerzielen",
        "2026-11-15": "Feest van de Duitstalige Gemeenschap",
        "2026-12-26": "Tweede kerstdag",
    },
    2027: {
        "2027-05-07": "Vrijdag na O.L.H.-Hemelvaart",
        "2027-07-11": "Feest van de Vlaamse Gemeenschap",
        "2027-09-06": "Kermismaandag",
        "2027-09-27": "Feest van de Franse Gemeenschap",
        "2027-11-02": "Allerzielen",
        "2027-11-15": "Feest van de Duitstalige Gemeenschap",
        "2027-12-26": "Tweede kerstdag",
    },
}


def named(date: str, occasion: str, language: str) -> str | None:
    with translation.override(language):
        return name_of(datetime.date.fromisoformat(date), occasion)


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_legal_holidays_are_those_of_the_calendar(year: int) -> None:
    assert {str(day.date): day.name for day in legal(year)} == LEGAL[year]


@pytest.mark.parametrize("year", [2026, 2027])
def test_so_are_the_other_days_on_which_offices_are_closed(year: int) -> None:
    assert {str(day.date): day.name for day in usual(year)} == USUAL[year]


@pytest.mark.parametrize(
    ("date", "names"),
    [
        ("2026-04-06", ["Paasmaandag", "Lundi de Pâques", "Ostermontag"]),
        ("2027-03-29", ["Paasmaandag", "Lundi de Pâques", "Ostermontag"]),
        ("2026-05-14", ["O.L.H.-Hemelvaart", "Ascension", "Christi Himmelfahrt"]),
        ("2027-05-06", ["O.L.H.-Hemelvaart", "Ascension", "Christi Himmelfahrt"]),
        ("2026-05-25", ["Pinkstermaandag", "Lundi de Pentecôte", "Pfingstmontag"]),
        ("2027-05-17", ["Pinkstermaandag", "Lundi de Pentecôte", "Pfingstmontag"]),
    ],
)
def test_a_legal_holiday_is_known_by_its_date_whatever_was_typed(
    date: str, names: list[str]
) -> None:
    for language, name in zip(("nl", "fr", "de"), names, strict=True):
        assert named(date, "Dicht", language) == name


@pytest.mark.parametrize("year", [2026, 2027])
def test_english_is_british(year: int) -> None:
    assert named(f"{year}-05-01", "1 mei", "en") == "Labour Day"


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_holiday_that_is_offered_has_a_name_in_every_language(
    year: int, language: str
) -> None:
    for day in (*legal(year), *usual(year)):
        name = named(str(day.date), day.name, language)
        assert name
        assert (name == day.name) is (language == "nl") or name == "Allerheiligen"


def test_another_occasion_on_a_day_of_no_law_stays_as_it_was_typed() -> None:
    assert named("2027-09-27", "Verhuizing", "fr") is None
    assert named("2027-09-28", "Feest van de Franse Gemeenschap", "fr") is None
    day = named("2027-09-27", " feest van de Franse Gemeenschap", "fr")
    assert day == "Fête de la Communauté française"


def test_a_typed_name_on_another_date_is_no_holiday() -> None:
    """Easter Monday of last year, copied by mistake."""
    assert named("2027-04-06", "Paasmaandag", "fr") is None


def test_a_language_that_the_library_lacks_leaves_what_was_typed() -> None:
    assert named("2027-03-29", "Paasmaandag", "es") is None
