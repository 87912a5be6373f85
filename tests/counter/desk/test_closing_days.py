"""The desk reminds those who run an office of holidays that nobody confirmed."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from counter.desk.closing_days import not_confirmed, problems, to_confirm
from counter.models import Clerk, ClosingDay, Office, OpeningHours
from counter.offices import legal_holidays
from tests import cast

BEFORE = datetime.date(2026, 10, 31)
IN_NOVEMBER = datetime.date(2026, 11, 1)


@pytest.fixture
def weekdays(office: Office) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(office=office, weekday=day, opens="09:00", closes="16:30")
        for day in range(5)
    )


def close_on(office: Office, *days: datetime.date) -> None:
    ClosingDay.objects.bulk_create(
        ClosingDay(office=office, date=day, occasion="Feestdag") for day in days
    )


@pytest.mark.usefixtures("weekdays")
def test_from_november_the_next_year_is_asked_for_beginning_with_new_year(
    office: Office,
) -> None:
    close_on(office, datetime.date(2026, 11, 11), datetime.date(2026, 12, 25))
    assert not_confirmed(office, today=BEFORE) == []
    missing = not_confirmed(office, today=IN_NOVEMBER)
    assert missing[0].date == datetime.date(2027, 1, 1)
    # Of twelve, five are at weekends: Easter, 1 May, Whit Sunday, 15 August, Christmas.
    assert len(missing) == 7


@pytest.mark.usefixtures("weekdays")
def test_a_day_that_was_confirmed_or_is_over_is_not_asked_for(office: Office) -> None:
    days = [day.date for year in (2026, 2027) for day in legal_holidays.legal(year)]
    close_on(office, *days)
    assert not_confirmed(office, today=IN_NOVEMBER) == []
    ClosingDay.objects.filter(date=datetime.date(2026, 11, 11)).delete()
    assert [day.date.day for day in not_confirmed(office, today=IN_NOVEMBER)] == [11]
    after = datetime.date(2026, 11, 12)
    assert not_confirmed(office, today=after) == []


def test_an_office_without_hours_on_that_day_need_not_say_so(office: Office) -> None:
    assert not_confirmed(office, today=IN_NOVEMBER) == []


@pytest.mark.usefixtures("weekdays")
def test_the_supervisor_sees_it_and_is_led_to_the_list_of_days(
    office: Office, els_client: Client, sofie_client: Client
) -> None:
    page = reverse("admin:counter_office_add_holidays", args=[office.pk])
    desk = reverse("counter_desk:desk")
    shown = sofie_client.get(desk).text
    assert f'href="{page}"' in shown
    # It waits since no instant, so its line begins with the holiday.
    assert not re.search(r'<div class="soft">\s*·', shown)
    assert page not in els_client.get(desk).text


@pytest.mark.usefixtures("weekdays")
def test_who_is_above_the_offices_is_reminded_of_each(
    office: Office, other_office: Office
) -> None:
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    at = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
    named = [one.name for one, _missing in to_confirm(boss, at)]
    assert named == [office.name]  # the other one has no hours
    OpeningHours.objects.create(
        office=other_office, weekday=4, opens="09:00", closes="12:00"
    )
    lines = [problem.name for problem in problems(boss, at)]
    assert lines == sorted([str(office), str(other_office)])
    with CaptureQueriesContext(connection) as asked:
        list(problems(boss, at))
    assert len(asked) <= 3


@pytest.mark.usefixtures("weekdays")
def test_the_start_page_of_supervisors_counts_the_offices(
    sofie_client: Client, time_machine: time_machine.TimeMachineFixture
) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    assert "offices with holidays to confirm" in sofie_client.get("/admin/").text
