"""The search finds any part of a name, despite accents and typing errors, by index."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from counter.desk.search import search
from counter.models import Clerk, Dossier
from counter.people import name_search
from tests.cast import (
    LEILA_NUMBER,
    MARIE_NUMBER,
    PETER_NUMBER,
    make_applicant,
    make_dossier,
)
from tests.database import analyze

SEARCH = reverse("counter_desk:find_dossier")
THOUSANDS = 5000
# People who do not exist; the index of their numbers belongs to no number.
CROWD = r"""
WITH people AS (
    INSERT INTO counter_applicant
        (id, national_number_sealed, national_number_index_a, number_kind, last_name,
         first_names, birth_date, first_seen_at)
    SELECT gen_random_uuid(), '\x026531'::bytea, sha256(n::text::bytea), 'register',
           initcap(translate(md5(n::text), '0123456789', 'aeiouaeiou')), 'Zoë', NULL,
           now()
    FROM generate_series(1, %s) AS n RETURNING id, last_name, first_names
)
INSERT INTO counter_dossier
    (id, submission, state, last_name, first_names, document_type,
     document_number_sealed, document_country, document_expiry, original_seen_at,
     email, language, reason, recorded_at, applicant_id, recorded_by_id, office_id,
     desk)
SELECT gen_random_uuid(), gen_random_uuid(), 'recorded', last_name, first_names,
       'BE_PASS', 'x', 'BEL', date '2040-01-01', now(), 'person@example.org', 'fr',
       'no_other_key', now(), id, %s, %s, 'Loket 1'
FROM people"""


@pytest.fixture
def people(els: Clerk) -> dict[str, Dossier]:
    marie = make_applicant(
        MARIE_NUMBER,
        first_names="Marie-Hélène",
        last_name="Van den Ælst Peréz",
        birth_date=datetime.date(1975, 6, 8),
    )
    leila = make_applicant(LEILA_NUMBER, first_names="Leïla", last_name="Perzyna")
    peter = make_applicant(PETER_NUMBER)
    return {p.first_names: make_dossier(p, els) for p in (marie, leila, peter)}


def first_names_for(text: str, clerk: Clerk) -> list[str]:
    dossiers = search(text, clerk=clerk).dossiers
    return [dossier.first_names for dossier in dossiers]


@pytest.mark.parametrize(
    ("words", "first_names"),
    [
        ("janssens", ["Peter"]),
        ("JÁNSSENS peter", ["Peter"]),
        ("aelst", ["Marie-Hélène"]),
        ("leila perz", ["Leïla"]),
        ("ster", []),
    ],
)
def test_any_part_whatever_its_accents(
    els: Clerk, people: dict[str, Dossier], words: str, first_names: list[str]
) -> None:
    assert first_names_for(words, els) == first_names


def test_a_beginning_comes_before_a_part(
    els: Clerk, people: dict[str, Dossier]
) -> None:
    # "er" is at the end of Peter and within Peréz; only Erna begins with it.
    erna = make_applicant("42012205181", first_names="Erna", last_name="Op de Beeck")
    first = make_dossier(erna, els)
    Dossier.objects.filter(pk=first.pk).update(
        recorded_at=first.recorded_at - datetime.timedelta(days=9)
    )
    assert first_names_for("er", els)[0] == "Erna"
    assert set(first_names_for("er", els)) == {"Erna", "Peter", "Marie-Hélène", "Leïla"}


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("jansens", "Peter"),
        ("jnassens", "Peter"),
        ("peter janssans", "Peter"),
        ("perzina", "Leïla"),
        ("mari-heleen", "Marie-Hélène"),
    ],
)
def test_a_slip_shows_who_may_be_meant_and_opens_nobody(
    els: Clerk, els_client: Client, people: dict[str, Dossier], slip: str, meant: str
) -> None:
    assert first_names_for(slip, els)[0] == meant
    answer = els_client.post(SEARCH, {"q": slip})
    assert answer.status_code == 200
    assert answer.context["result"].guessed


def test_another_office_guesses_nobody(gust: Clerk, people: dict[str, Dossier]) -> None:
    assert first_names_for("jansens", gust) == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --", "<->", "''", "é" * 90])
def test_signs_are_only_signs(
    els: Clerk, people: dict[str, Dossier], text: str
) -> None:
    assert first_names_for(text, els) == []


@pytest.fixture
def crowd(els: Clerk) -> QuerySet[Dossier]:
    """The dossiers that Els sees: 5,000, as many as an office has in a year."""
    with connection.cursor() as cursor:
        cursor.execute(CROWD, [THOUSANDS, els.pk, els.office_id])
    analyze()
    return Dossier.objects.visible_to(els)


@pytest.mark.parametrize("how", [name_search.beginning_with, name_search.containing])
def test_the_index_is_used_among_thousands(
    crowd: QuerySet[Dossier], how: Callable[..., QuerySet[Dossier]]
) -> None:
    assert "counter_dossier_name" in how(crowd, "janssens").explain()


def test_a_slip_is_looked_for_by_the_index_too(crowd: QuerySet[Dossier]) -> None:
    explained = name_search._by_likeness(crowd, ["jansens"]).explain()
    assert "counter_dossier_name" in explained


def test_an_earlier_name_finds_every_visit(els: Clerk) -> None:
    marie = make_applicant(MARIE_NUMBER, first_names="Marie", last_name="Peeters")
    first = make_dossier(marie, els)
    Dossier.objects.update(state="lapsed", lapsed_at=first.recorded_at)
    marie.last_name = "Claes"
    marie.save()
    second = make_dossier(marie, els)

    for name in ("peeters", "Claes", "marie cla", "eeter", "peetrs"):
        results = search(name, clerk=els).dossiers
        assert first in results, name
    assert search("peeters", clerk=els).dossiers == [second, first]
    first.refresh_from_db()
    assert (first.name, second.name) == ("Marie Peeters", "Marie Claes")


def test_a_name_of_another_office_finds_nobody(els: Clerk, gust: Clerk) -> None:
    marie = make_applicant(MARIE_NUMBER, first_names="Marie", last_name="Peeters")
    first = make_dossier(marie, gust)
    Dossier.objects.update(state="lapsed", lapsed_at=first.recorded_at)
    marie.last_name = "Claes"
    marie.save()
    here = make_dossier(marie, els)

    assert search("peeters", clerk=els).dossiers == []
    assert search("claes", clerk=els).dossiers == [here]


def test_only_the_looking_for_slips_has_a_time_limit(dossier: Dossier) -> None:
    """Later queries of the same transaction have no time limit."""
    assert name_search.alike(Dossier.objects.all(), "Janssnes", most=5) == [dossier]
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
