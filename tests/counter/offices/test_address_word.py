"""The word that stands for an office in the addresses of its pages."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import translation

from counter.journal.events import Event
from counter.models import JournalEntry, Office
from counter.offices import address_word
from tests import cast
from tests.counter.offices.test_admin_offices import office_form


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Stadskantoor Leuven", "stadskantoor-leuven"),
        ("Heverlee – Kessel-Lo (Noord)", "heverlee-kessel-lo-noord"),
        ("Liège / Luik", "liege-luik"),
        ("Keys", "keys-2"),
        ("市", "loket"),
        ("_Balie_2_", "balie-2"),
        ("x" * 100, "x" * 46),
    ],
)
def test_it_is_made_from_the_name(db: None, name: str, word: str) -> None:
    assert cast.make_office(name).slug == word


def test_two_names_that_read_alike_get_two_words(db: None) -> None:
    words = [cast.make_office(name).slug for name in ("Balie", "balie!", "BALIE?")]
    assert words == ["balie", "balie-2", "balie-3"]


def test_it_stays_when_the_name_changes(office: Office) -> None:
    before = office.slug
    office.name = "Nieuw stadskantoor"
    office.save()
    assert office.slug == before


def test_a_supervisor_changes_it_and_the_journal_keeps_that(
    office: Office, sofie_client: Client
) -> None:
    page = reverse("admin:counter_office_change", args=(office.pk,))
    data = office_form(office, slug="leuven")
    assert sofie_client.post(page, data).status_code == 302
    office.refresh_from_db()
    assert office.slug == "leuven"
    entry = JournalEntry.objects.filter(event=Event.ROW_CHANGED).latest("pk")
    assert entry.details["changes"]["slug"] == {
        "old": "stadskantoor-leuven",
        "new": "leuven",
    }


@pytest.mark.parametrize("word", sorted(address_word.RESERVED))
def test_the_address_of_another_page_is_refused(
    office: Office, sofie_client: Client, word: str
) -> None:
    page = reverse("admin:counter_office_change", args=(office.pk,))
    answer = sofie_client.post(page, office_form(office, slug=word))
    assert "slug" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("word", ["Leuven", "leu ven", "-leuven", "a--b", "leu_ven"])
def test_what_no_address_holds_is_refused(
    office: Office, sofie_client: Client, word: str
) -> None:
    page = reverse("admin:counter_office_change", args=(office.pk,))
    answer = sofie_client.post(page, office_form(office, slug=word))
    assert "slug" in answer.context["adminform"].form.errors
    with pytest.raises(IntegrityError):
        Office.objects.filter(pk=office.pk).update(slug=word)


def test_every_first_part_of_an_address_is_reserved() -> None:
    with translation.override("nl"):
        parts = set(_first_parts(get_resolver(), ""))
    assert parts - {"", "nl"} <= address_word.RESERVED


def _first_parts(resolver: URLResolver, before: str) -> list[str]:
    """The first part of each address, also below the language; not an office's word."""
    parts: list[str] = []
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if path in ("", "nl/") and isinstance(pattern, URLResolver):
            parts += _first_parts(pattern, path)
        elif "<office:" not in path:
            parts.append(path.removeprefix("nl/").partition("/")[0])
    return parts
