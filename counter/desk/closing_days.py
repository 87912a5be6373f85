"""Reminds at the desk of legal holidays for which no closing day was entered."""

import datetime
from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counter.desk.problem import Problem
from counter.models import Clerk, Office
from counter.offices import legal_holidays
from counter.offices.legal_holidays import Holiday
from counter.roles import matrix

#: From this month on those of the next year are asked for too.
ASKED_FROM_MONTH: Final = 11


def not_confirmed(office: Office, *, today: datetime.date) -> list[Holiday]:
    """Legal holidays to come on which the office has hours and is not closed.

    Those of this year, and from November on those of the next. Two queries.
    """
    years = [today.year]
    if today.month >= ASKED_FROM_MONTH:
        years.append(today.year + 1)
    weekdays = set(office.hours.values_list("weekday", flat=True))
    closed = set(
        office.closing_days.filter(date__gte=today).values_list("date", flat=True)
    )
    return [
        day
        for year in years
        for day in legal_holidays.legal(year)
        if day.date >= today
        and day.date.weekday() in weekdays
        and day.date not in closed
    ]


def problems(clerk: Clerk, at: datetime.datetime) -> Iterator[Problem]:
    """One line for who may change the office: the page where the days are ticked."""
    office = clerk.office
    if office is None or not matrix.may_rows(clerk, "change", Office):
        return
    missing = not_confirmed(office, today=timezone.localdate(at))
    if not missing:
        return
    named = missing[0].name
    count = len(missing)
    yield Problem(
        None,
        ngettext("holiday not confirmed", "holidays not confirmed", count),
        name=str(office),
        url=reverse("admin:counter_office_add_holidays", args=[office.pk]),
        detail=named
        if count == 1
        else _("%(first)s and %(count)d more") % {"first": named, "count": count - 1},
        tone="warn",
    )
