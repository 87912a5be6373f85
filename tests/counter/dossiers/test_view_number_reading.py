"""What the number field says while it is typed."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from counter.models import Clerk, JournalEntry
from tests.litany import assert_for_clerks_only

URL = reverse("counter_dossiers:number_reading")


def test_only_for_clerks() -> None:
    assert_for_clerks_only(URL, method="post")


def test_it_is_never_asked_by_address(els_client: Client) -> None:
    assert els_client.get(URL).status_code == 405


@pytest.mark.parametrize(
    ("typed", "tone", "says"),
    [
        ({"national_number": "85.07.30-033.28"}, "good", "1985"),
        ({"national_number": "70252501507"}, "good", "1970"),
        ({"national_number": "81000003517"}, "good", "1981"),
        ({"national_number": "85073003329"}, "bad", ""),
        (
            {"national_number": "85073003328", "birth_date": "31071985"},
            "warn",
            "1985",
        ),
        ({"national_number": "85073003328", "sex": "F"}, "warn", "1985"),
        ({"national_number": "85073003328", "birth_date": "3107"}, "good", "1985"),
    ],
)
def test_it_says_what_it_reads(
    els_client: Client, typed: dict[str, str], tone: str, says: str
) -> None:
    page = els_client.post(URL, typed).content.decode()
    assert f"reading-{tone}" in page
    assert says in page
    assert "<html" not in page


@pytest.mark.parametrize("typed", ["", "85", "85.07.30-033.2", "\0", "x" * 5000])
def test_an_unfinished_number_is_not_wrong_yet(els_client: Client, typed: str) -> None:
    answer = els_client.post(URL, {"national_number": typed})
    assert answer.status_code == 200
    assert "reading" not in answer.content.decode()


def test_it_is_neither_logged_nor_noted(
    els: Clerk, els_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        els_client.post(URL, {"national_number": "85073003328"})
    assert "85073003328" not in caplog.text
    assert not JournalEntry.objects.filter(clerk=els).exists()


@pytest.mark.parametrize(
    ("number", "birth_date", "sex"),
    [
        ("85073003328", "30/07/1985", "M"),
        ("17073003384", "30/07/2017", ""),
        ("70252501507", "25/05/1970", ""),
        ("81000003517", "", ""),
    ],
)
def test_what_the_number_tells_need_not_be_typed(
    els_client: Client, number: str, birth_date: str, sex: str
) -> None:
    answer = els_client.post(URL, {"national_number": number})
    fills = answer.context["reading"].fills
    assert fills.get("birth_date", "") == birth_date
    if sex:
        assert fills["sex"] == sex
    if birth_date:
        page = answer.content.decode()
        assert f'data-prefills="#id_birth_date" data-value="{birth_date}"' in page


def test_a_visit_begun_with_a_number_has_its_birth_date(els_client: Client) -> None:
    record = reverse("counter_dossiers:record_applicant")
    begun = {"start": "1", "national_number": "85.07.30-033.28"}
    page = els_client.post(record, begun).context["form"]
    assert page["birth_date"].value() == "30/07/1985"
    assert page["sex"].value() == "M"


def test_the_document_stands_beside_it_where_they_differ(els_client: Client) -> None:
    typed = {"national_number": "85073003328", "birth_date": "3107198", "sex": "F"}
    answer = els_client.post(URL, typed)
    assert "female" in str(answer.context["reading"].advice)
    typed["birth_date"] = "31071985"
    advice = str(els_client.post(URL, typed).context["reading"].advice)
    assert "31" in advice
    assert "1985" in advice
    assert "female" in advice
