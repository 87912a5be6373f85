"""The names that recording takes, and those that it asks for in Latin letters."""

import pytest
from django.test import Client
from django.utils.html import escape

from counter.models import Applicant
from tests.counter.dossiers.record_form import URL, typed


def test_a_name_is_kept_without_hidden_signs(els_client: Client) -> None:
    form = typed(last_name="  \u202eNguy\u1ec5n   Özgür ", first_names="")
    assert els_client.post(URL, form).status_code == 303
    assert Applicant.objects.get().last_name == "Nguy\u1ec5n Özgür"


@pytest.mark.parametrize(
    "pasted", ["Van \u200b Damme", "Van Damme \u200b", "\ufeff Van\u00ad Damme"]
)
def test_a_hidden_sign_leaves_no_space_behind(els_client: Client, pasted: str) -> None:
    assert els_client.post(URL, typed(last_name=pasted)).status_code == 303
    assert Applicant.objects.get().last_name == "Van Damme"


@pytest.mark.parametrize(
    "name",
    [
        "Nguy\u1ec5n Th\u1ecb B\u00edch H\u1eb1ng",
        "\u0141ukasz \u017b\u00f3\u0142\u0107-\u015eahin",
        "\u1ecc\u0300\u1e63un",
        "d\u2019Artagnan O'Neill",
        "Kamehameh\u0101 \u02bbIolani",
        "\u018fliyev \u021aepe\u0219 \u014aga\u014ba",
    ],
)
def test_a_name_in_latin_letters_is_taken(els_client: Client, name: str) -> None:
    assert els_client.post(URL, typed(last_name=name)).status_code == 303


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2013", "\uff0d"])
def test_a_pasted_dash_is_the_one_that_is_printed(
    els_client: Client, dash: str
) -> None:
    form = typed(first_names=f"Jan{dash}Piet", last_name="\uff30eeters")
    assert els_client.post(URL, form).status_code == 303
    recorded = Applicant.objects.get()
    assert (recorded.first_names, recorded.last_name) == ("Jan-Piet", "Peeters")


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Peeters<", "&lt;"),
        ("Jan<Piet", "&lt;"),
        ("Ann 1985", "1"),
        ("Ann 85*07", "*"),
        ("Jan@x", "@"),
        ("Jan=Piet", "="),
        ("Jan_Piet", "_"),
        ("Jan/Piet", "/"),
        ("Jan; Piet", ";"),
        ("Jan\u00b2", "\u00b2"),
        ("\u0967 Ann", "\u0967"),
    ],
)
def test_a_sign_that_no_name_has_is_refused(
    els_client: Client, name: str, sign: str
) -> None:
    answer = els_client.post(URL, typed(first_names=name))
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["first_names"]
    assert sign in escape(error)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("\u738b\u5c0f\u660e", "\u738b"),
        ("\u0e2a\u0e21\u0e0a\u0e32\u0e22", "\u0e2a"),
        ("\u12a0\u1260\u1260", "\u12a0"),
        ("\u0645\u062d\u0645\u062f", "\u0645"),
        ("\u0411\u043e\u0440\u0438\u0441", "\u0411"),
        ("\u0395\u03bb\u03ad\u03bd\u03b7", "\u0395"),
        ("\u10d2\u10d8\u10dd\u10e0\u10d2\u10d8", "\u10d2"),
        ("Ann\u0430", "\u0430"),
        ("Anna \U0001f600", "\U0001f600"),
        ("Ye\u0199u", "\u0199"),
    ],
)
def test_other_scripts_are_asked_for_in_latin_letters(
    els_client: Client, name: str, sign: str
) -> None:
    answer = els_client.post(URL, typed(first_names=name))
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["first_names"]
    assert sign in error
    assert f'value="{name}"' in answer.content.decode()
