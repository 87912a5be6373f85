"""The page of the statistics in the admin, and their CSV file."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk, Office
from counter.roles import matrix, role_rights
from counter.statistics import year
from counter.statistics.suppressing import FEWEST

#: The first year that can be chosen; no data of this product are older.
FIRST_YEAR = 2020


class YearForm(forms.Form):
    """The choice of an office and a year."""

    office = forms.ModelChoiceField(
        Office.objects.none(), label=_("office"), empty_label=None
    )
    year = forms.TypedChoiceField(label=_("year"), coerce=int)

    def __init__(self, *args: Any, clerk: Clerk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        years = range(this_year, FIRST_YEAR - 1, -1)
        fields: Any = self.fields
        fields["office"].queryset = Office.objects.visible_to(clerk).order_by("name")
        fields["year"].choices = [(number, str(number)) for number in years]


def answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer with the statistics of the chosen office and year; with `csv`, as a file.

    Without a choice they are of the clerk's office and this year. A clerk who sees
    several offices chooses one first. Raises PermissionDenied when the role may not
    read statistics.
    """
    clerk = request.user
    if not isinstance(clerk, Clerk) or not matrix.may(
        clerk, role_rights.READ_STATISTICS
    ):
        raise PermissionDenied
    asked = request.GET.copy()
    asked.setdefault("year", str(timezone.localdate().year))
    own = clerk.office or Office.objects.the_only_one()
    if own is not None:
        asked.setdefault("office", str(own.pk))
    form = YearForm(asked if "office" in asked else None, clerk=clerk)
    year_shown = None
    if form.is_valid():
        year_shown = year.of(
            form.cleaned_data["office"],
            form.cleaned_data["year"],
            at=timezone.now(),
        )
        if "csv" in asked:
            return _file(year_shown)
    context |= {
        "title": _("Statistics"),
        "form": form,
        "year": year_shown,
        "fewest": FEWEST,
        "csv_query": asked.urlencode(),
    }
    return TemplateResponse(request, "admin/statistics/page.html", context)


def _file(year_shown: year.Year) -> HttpResponse:
    name = f"statistics-{year_shown.office.slug}-{year_shown.number}.csv"
    return HttpResponse(
        year.as_csv(year_shown),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
