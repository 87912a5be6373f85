"""The report of the takings in the admin, by period, method and clerk."""

import datetime
from typing import Any, override

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Office
from counter.roles import matrix
from counter.web.form_fields import TypedDateField
from payments.admin.payments import PaymentAdmin
from payments.closing.report import LONGEST, PERIODS, as_csv, clerks_as_csv, takings
from payments.desk import role_rights
from payments.models import Payment


class ReportForm(forms.Form):
    """The first and last day, the length of a period, and the office."""

    first = TypedDateField(
        label=_("from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    last = TypedDateField(
        label=_("until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    period = forms.ChoiceField(
        label=_("by"),
        choices=(("day", _("day")), ("week", _("week")), ("month", _("month"))),
    )
    office = forms.ModelChoiceField(
        Office.objects.none(), label=_("office"), required=False
    )

    def __init__(self, *args: Any, clerk: Clerk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.queryset = Office.objects.visible_to(clerk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if last and last > timezone.localdate():
            self.add_error("last", _("This date lies in the future."))
        elif first and last and not datetime.timedelta(0) <= last - first < LONGEST:
            self.add_error("last", _("At most 900 days, from early to late."))
        return data


class ReportingPaymentAdmin(PaymentAdmin):
    change_list_template = "admin/payments/payment/change_list.html"

    @override
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "report/",
            self.admin_site.admin_view(self.report),
            name="payments_payment_report",
        )
        return [own, *super().get_urls()]

    def report(self, request: HttpRequest) -> HttpResponse:
        """Show the report, with the form's fields in the query string.

        With `csv` it is the table by period as a file; with `csv=clerks` by clerk.
        """
        clerk = request.user
        if not isinstance(clerk, Clerk) or not matrix.may(clerk, role_rights.READ_DAY):
            raise PermissionDenied
        today = timezone.localdate()
        asked = request.GET.copy()
        asked.setdefault("first", (today - datetime.timedelta(days=30)).isoformat())
        asked.setdefault("last", today.isoformat())
        asked.setdefault("period", next(iter(PERIODS)))
        form = ReportForm(asked, clerk=clerk)
        report = None
        if form.is_valid():
            office = form.cleaned_data["office"]
            report = takings(
                clerk=clerk,
                first=form.cleaned_data["first"],
                last=form.cleaned_data["last"],
                period=form.cleaned_data["period"],
                office_id=office and office.pk,
            )
            if "csv" in asked:
                _note(form, clerk)
            if asked.get("csv") == "clerks":
                return _file("takings-by-clerk.csv", clerks_as_csv(report))
            if "csv" in asked:
                return _file("takings.csv", as_csv(report))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Takings"),
            "opts": self.opts,
            "form": form,
            "report": report,
            "csv_query": asked.urlencode(),
        }
        return TemplateResponse(request, "admin/payments/payment/report.html", context)


def _note(form: ReportForm, clerk: Clerk) -> None:
    days = {name: form.cleaned_data[name].isoformat() for name in ("first", "last")}
    journal.write(
        Event.TAKINGS_EXPORTED, days, clerk=clerk, office=form.cleaned_data["office"]
    )


def _file(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


admin.site.unregister(Payment)
admin.site.register(Payment, ReportingPaymentAdmin)
