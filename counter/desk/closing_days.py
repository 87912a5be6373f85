"""The desk's reminder of legal holidays for which no closing day was entered."""

import datetime
from collections.abc import Iterator
from typing import Final

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counter.desk.problem import Problem
from counter.models import Clerk, ClosingDay, Office
from counter.offices import legal_holidays
from counter.offices.legal_holidays import Holiday
from counter.roles import matrix

#: From this month on, the reminder includes the holidays of the next year.
ASKED_FROM_MONTH: Final = 11


def not_confirmed(office: Office, *, today: datetime.date) -> list[Holiday]:
    """Future legal holidays on which the office has opening hours and no closing day.

    Covers this year, and from November on also the next. Makes two queries, or none
    when hours and closing days are prefetched.
    """
    years = [today.year]
    if today.month >= ASKED_FROM_MONTH:
        years.append(today.year + 1)
    weekdays = {hours.weekday for hours in office.hours.all()}
    closed = {day.date for day in office.closing_days.all()}
    return [
        day
        for year in years
        for day in legal_holidays.legal(year)
        if day.date >= today
        and day.date.weekday() in weekdays
        and day.date not in closed
    ]


def to_confirm(
    clerk: Clerk, at: datetime.datetime
) -> Iterator[tuple[Office, list[Holiday]]]:
    """The offices that this clerk may change, each with its unconfirmed holidays."""
    if not matrix.may_rows(clerk, "change", Office):
        return
    today = timezone.localdate(at)
    to_come = Prefetch("closing_days", ClosingDay.objects.filter(date__gte=today))
    offices = Office.objects.visible_to(clerk).order_by("name")
    for office in offices.prefetch_related("hours", to_come):
        if missing := not_confirmed(office, today=today):
            yield office, missing


def problems(clerk: Clerk, at: datetime.datetime) -> Iterator[Problem]:
    """One line for each office of `to_confirm`, with a link to the admin page on which
    the holidays are ticked.
    """
    for office, missing in to_confirm(clerk, at):
        yield _problem(office, missing)


def _problem(office: Office, missing: list[Holiday]) -> Problem:
    named = missing[0].name
    count = len(missing)
    return Problem(
        None,
        ngettext("holiday not confirmed", "holidays not confirmed", count),
        name=str(office),
        url=reverse("admin:counter_office_add_holidays", args=[office.pk]),
        detail=named
        if count == 1
        else _("%(first)s and %(count)d more") % {"first": named, "count": count - 1},
        tone="warn",
    )
