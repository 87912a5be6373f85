"""The information page: for whom, what to bring, what it costs, when to come."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from counter.models import Office
from payments.models import Tariff


@require_safe
def information(request: HttpRequest) -> HttpResponse:
    """The page for everyone, with the price in force today and the hours."""
    office = Office.objects.order_by("pk").first()
    tariff = (
        Tariff.objects.in_force(office=office, on=timezone.localdate()).first()
        if office
        else None
    )
    return render(
        request,
        "activation/information.html",
        {
            "office": office,
            "tariff": tariff,
            "hours": office.hours.all() if office else (),
        },
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/` leads to the page in the visitor's language; Dutch when it is not ours."""
    with translation.override(translation.get_language_from_request(request)):
        return redirect("information")
