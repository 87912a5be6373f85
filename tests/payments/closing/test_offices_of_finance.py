"""Finance of the whole city reads the close of each office, and exports its money."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk, Office
from payments.drawers.drawers import (
    approve_drawer,
    close_drawer,
    count_drawer,
)
from payments.models import DrawerSession, ExportBatch
from tests import cast
from tests.litany import signed_in


@pytest.fixture
def finance(office: Office, other_office: Office) -> Client:
    """Signed in as finance of no office, who sees both offices."""
    return signed_in(cast.make_clerk("fien", None, desk="", role=Role.FINANCE))


def day(office: Office) -> str:
    today = timezone.localdate().isoformat()
    page = reverse("payments_closing:day", args=[today])
    return f"{page}?office={office.pk}"


def test_the_close_of_each_office_is_read(
    finance: Client, office: Office, other_office: Office, els: Clerk
) -> None:
    start = finance.get(reverse("payments_closing:today"))
    assert start.status_code == 303
    assert finance.get(start.headers["Location"]).status_code == 200
    shown = {one.pk: finance.get(day(one)) for one in (office, other_office)}
    for pk, page in shown.items():
        assert page.context["day"].office.pk == pk
        for one in (office, other_office):
            assert f'<option value="{one.pk}"' in page.text
    assert "els" in shown[office.pk].text
    assert "els" not in shown[other_office.pk].text
    today = reverse("payments_closing:today")
    chosen = finance.get(f"{today}?office={other_office.pk}&date=2026-01-05")
    assert chosen.headers["Location"].endswith(f"2026-01-05/?office={other_office.pk}")
    paper = day(office).replace("/?", "/close.pdf?")
    assert finance.get(paper).content.startswith(b"%PDF")


def test_a_batch_is_of_the_office_that_was_chosen(
    finance: Client, office: Office, els: Clerk, sofie: Clerk
) -> None:
    drawer, now = DrawerSession.objects.get(clerk=els), timezone.now()
    count_drawer(drawer=drawer, clerk=els, counts={"2000": 5}, at=now)
    close_drawer(drawer=drawer, clerk=els, count=1, reason="", at=now)
    approve_drawer(drawer=drawer, supervisor=sofie, count=1, sealed_bag="Z", at=now)
    export = reverse("payments_closing:export_drawer", args=[drawer.pk])
    assert export in finance.get(day(office)).text
    answer = finance.post(f"{export}?office={office.pk}", follow=True)
    batch = ExportBatch.objects.get()
    address = reverse("payments_closing:batch", args=[batch.number])
    assert f"{address}?office={office.pk}" in answer.text
    fetched = finance.get(f"{address}?office={office.pk}")
    assert bytes(fetched.content) == bytes(batch.content)


@pytest.mark.parametrize("office", ["0", "x", "999999999999999999999", "-1"])
def test_an_office_that_is_none_is_not_found(finance: Client, office: str) -> None:
    today = timezone.localdate().isoformat()
    page = reverse("payments_closing:day", args=[today])
    assert finance.get(page, {"office": office}).status_code == 404


def test_who_belongs_to_an_office_reads_that_one(
    office: Office, other_office: Office
) -> None:
    client = signed_in(cast.make_clerk("fred", office, desk="", role=Role.FINANCE))
    page = client.get(day(other_office))
    assert page.context["day"].office == office
    assert 'name="office"' not in page.text
