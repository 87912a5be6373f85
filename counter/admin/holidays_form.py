"""The form in which a supervisor ticks the holidays on which an office is closed."""

import datetime
from typing import Any, override

from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from counter.models import ClosingDay, Office
from counter.offices import legal_holidays
from counter.offices.legal_holidays import Holiday


class HolidaysForm(forms.Form):
    """Offers the future holidays of this year and the next that are not closing days.

    The legal holidays that fall on a weekday with opening hours are ticked at first.
    """

    def __init__(
        self, *args: Any, office: Office, today: datetime.date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._office = office
        self._weekdays = set(office.hours.values_list("weekday", flat=True))
        self._names: dict[str, str] = {}
        later = office.closing_days.filter(date__gte=today)
        #: The holidays that are closing days of the office already.
        self.there: list[ClosingDay] = []
        closed = {day.date: day for day in later}
        for year in (today.year, today.year + 1):
            for kind, label, days in (
                ("legal", _("Legal holidays of %(year)s"), legal_holidays.legal(year)),
                ("usual", _("Other days of %(year)s"), legal_holidays.usual(year)),
            ):
                self.there += [closed[day.date] for day in days if day.date in closed]
                # A sent form must still accept a day that a colleague added meanwhile.
                offered = [
                    day
                    for day in days
                    if day.date >= today and (self.is_bound or day.date not in closed)
                ]
                if offered:
                    self.fields[f"{kind}_{year}"] = self._boxes(
                        label % {"year": year}, offered, are_ticked=kind == "legal"
                    )

    def _boxes(
        self, label: str, days: list[Holiday], *, are_ticked: bool
    ) -> forms.MultipleChoiceField:
        self._names |= {day.date.isoformat(): day.name for day in days}
        open_days = [day for day in days if self._has_hours(day)]
        return forms.MultipleChoiceField(
            label=label,
            choices=[(day.date.isoformat(), self._label(day)) for day in days],
            initial=[day.date.isoformat() for day in open_days if are_ticked],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _has_hours(self, day: Holiday) -> bool:
        return not self._weekdays or day.date.weekday() in self._weekdays

    def _label(self, day: Holiday) -> str:
        label = f"{date_format(day.date, 'l j F')}: {day.name}"
        if self._has_hours(day):
            return label
        return _("%(day)s (no opening hours then)") % {"day": label}

    @override
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Tick at least one day."), code="required")
        return cleaned

    @transaction.atomic
    def save(self) -> int:
        """Add the ticked days, and return how many are new.

        A day that a colleague added meanwhile stays as it is.
        """
        added = 0
        for date in (date for dates in self.cleaned_data.values() for date in dates):
            _day, is_new = ClosingDay.objects.get_or_create(
                office=self._office,
                date=datetime.date.fromisoformat(date),
                defaults={"occasion": self._names[date]},
            )
            added += is_new
        return added
