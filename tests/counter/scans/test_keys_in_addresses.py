"""The key of a row in an address of the admin is never taken for a scan."""

import pytest
from django.test import Client
from django.urls import reverse

from counter.scans.scan_shape import holds_national_number
from tests import cast

#: It ends in a national number, as one key in some ten thousand does by chance.
KEY = f"00000000-0000-4000-8000-a{cast.PETER_NUMBER}"


@pytest.mark.parametrize("parameter", ["after", "before"])
def test_a_list_is_turned_at_any_row(sofie_client: Client, parameter: str) -> None:
    assert holds_national_number(KEY)
    page = reverse("admin:counter_dossier_changelist")
    assert sofie_client.get(page, {parameter: KEY}).status_code == 200


def test_a_number_is_still_taken_out_of_the_address(sofie_client: Client) -> None:
    page = reverse("admin:counter_dossier_changelist")
    answer = sofie_client.get(page, {"after": cast.PETER_NUMBER})
    assert answer.status_code == 302
    assert cast.PETER_NUMBER not in answer["Location"]
