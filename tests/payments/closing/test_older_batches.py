"""Every batch for the accounting is found again, by its day and in the admin."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.models import Clerk, Office
from payments.models import ExportBatch
from tests import cast
from tests.litany import signed_in

DAYS = 25


def file_of(batch: ExportBatch) -> str:
    return reverse("payments_closing:batch", args=[batch.number])


def make_batch(by: Clerk, on: date, made_at: datetime | None = None) -> ExportBatch:
    assert by.office is not None
    number = ExportBatch.objects.filter(office=by.office).count() + 1
    return ExportBatch.objects.create(
        date=on,
        office=by.office,
        number=number,
        content=b"session;date\r\n",
        sha256="0" * 64,
        created_at=made_at or timezone.now(),
        created_by=by,
    )


@pytest.fixture
def batches(sofie: Clerk) -> list[ExportBatch]:
    """A batch for each of 25 days, made on the day after; the oldest first."""
    today, now = timezone.localdate(), timezone.now()
    return [
        make_batch(
            sofie,
            today - timedelta(days=back),
            now - timedelta(days=back - 1),
        )
        for back in reversed(range(1, DAYS + 1))
    ]


def shown_on(client: Client, on: date, *, office: Office | None = None) -> str:
    page = reverse("payments_closing:day", args=[on.isoformat()])
    answer = client.get(page, {"office": office.pk} if office else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_day_shows_its_own_batches_and_those_made_on_it(
    batches: list[ExportBatch], sofie_client: Client
) -> None:
    oldest, next_one, *_, newest = batches
    shown = shown_on(sofie_client, oldest.date)
    assert file_of(oldest) in shown
    assert file_of(newest) not in shown
    day_after = shown_on(sofie_client, next_one.date)
    assert file_of(oldest) in day_after
    assert file_of(next_one) in day_after
    assert file_of(newest) in shown_on(sofie_client, timezone.localdate())


def test_the_list_in_the_admin_has_the_file_of_each(
    batches: list[ExportBatch], office: Office
) -> None:
    fien = cast.make_clerk("fien", None, desk="", role=Role.FINANCE)
    karel = cast.make_clerk("karel", office, desk="", role=Role.FINANCE)
    for clerk in (fien, karel):
        client, oldest = signed_in(clerk), batches[0]
        where = f"{file_of(oldest)}?office={office.pk}"
        rows = client.get(reverse("admin:payments_exportbatch_changelist"))
        assert where in rows.content.decode()
        one = reverse("admin:payments_exportbatch_change", args=[oldest.pk])
        assert where in client.get(one).content.decode()
        answer = client.get(where)
        assert answer.content == bytes(oldest.content)


def test_the_list_in_the_admin_is_narrowed_to_some_days(
    batches: list[ExportBatch], sofie_client: Client
) -> None:
    oldest, *_, newest = batches
    page = reverse("admin:payments_exportbatch_changelist")
    until = timezone.localdate(oldest.created_at).isoformat()
    rows = sofie_client.get(page, {"created_at__until": until}).content.decode()
    assert file_of(oldest) in rows
    assert file_of(newest) not in rows


def test_the_day_leads_to_all_of_them(sofie_client: Client) -> None:
    page = reverse("admin:payments_exportbatch_changelist")
    assert page in shown_on(sofie_client, timezone.localdate())
