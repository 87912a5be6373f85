"""The list of drawers in the admin."""

from django.test import Client
from django.urls import reverse

from counter.models import Clerk, Office
from tests import cast


def test_the_filter_offers_only_those_who_had_a_drawer(
    office: Office, els: Clerk, bart: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    nora = cast.make_clerk("nora", office, desk="", has_drawer=False)
    page = sofie_client.get(reverse("admin:payments_drawersession_changelist")).text
    for one in (els, bart):
        assert f"clerk__id__exact={one.pk}" in page
    for without in (nora, sofie):
        assert f"clerk__id__exact={without.pk}" not in page
