"""The city's enterprise number: its check digits are right, and it is kept as printed.

0207.521.503 is the number of Stad Leuven in the public register; the others here are
generated.
"""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from counter.models import Office
from counter.offices.enterprise_number import printed
from tests.counter.offices.test_admin_offices import office_form


@pytest.mark.parametrize(
    "typed",
    [
        "0207.521.503",
        "0207521503",
        "207521503",
        "0207 521 503",
        "BE 0207.521.503",
        "be0207521503",
        " BTW BE 0207.521.503 ",
    ],
)
def test_it_is_read_however_it_is_written(typed: str) -> None:
    assert printed(typed) == "0207.521.503"


@pytest.mark.parametrize(
    "typed",
    [
        "0207.521.504",  # one digit off
        "0207.512.503",  # two digits exchanged
        "0207.521.50",
        "02075215031",
        "0000.000.000",
        "2207.521.503",
        "NL207521503",
        "nummer 0207521503",
        "\u0660207521503",
        "-",
    ],
)
def test_what_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        printed(typed)


def test_the_admin_keeps_it_as_it_is_printed(
    office: Office, sofie_client: Client
) -> None:
    page = reverse("admin:counter_office_change", args=(office.pk,))
    data = office_form(office, enterprise_number="BE0207521503")
    assert sofie_client.post(page, data).status_code == 302
    office.refresh_from_db()
    assert office.enterprise_number == "0207.521.503"


@pytest.mark.parametrize("typed", ["0207.521.504", ""])
def test_the_admin_says_what_is_wrong_at_the_field(
    office: Office, sofie_client: Client, typed: str
) -> None:
    page = reverse("admin:counter_office_change", args=(office.pk,))
    answer = sofie_client.post(page, office_form(office, enterprise_number=typed))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["enterprise_number"]
