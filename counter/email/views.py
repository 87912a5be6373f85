"""The check of an e-mail address, shown below its field while the clerk types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_POST

from counter.dossiers import doubts
from counter.dossiers.doubts import Doubt
from counter.dossiers.feedback_forms import EmailReadingForm
from counter.email import typo_check, uniqueness
from counter.identity import national_number
from counter.identity.national_number import NationalNumberError
from counter.models import Clerk
from counter.staff.access import for_clerks

_LONGEST = 1000
_WHATEVER_FOLLOWS = frozenset({"reserved", "letter", "space", "several"})


@require_POST
@sensitive_post_parameters()
@for_clerks
def email_reading(request: HttpRequest, _clerk: Clerk) -> HttpResponse:
    """Check the typed address, which may be incomplete.

    An incomplete address is not shown as wrong, but a correction of it is suggested.
    """
    form = EmailReadingForm(request.POST)
    form.is_valid()
    address = form.cleaned_data.get("email", "")
    if address:
        number = _digits(form.cleaned_data.get("national_number", ""))
        context = _read(address, number)
    else:
        typed = request.POST.get("email", "").strip()[:_LONGEST]
        context = {"wrong": _dead(form), "doubts": _slip(typed)}
    return render(request, "counter/email/_email_reading.html", context)


@sensitive_variables()
def _read(address: str, digits: str) -> dict[str, object]:
    taken = bool(digits) and uniqueness.is_taken(address, digits=digits)
    return {
        "wrong": uniqueness.SENTENCE if taken else "",
        "doubts": list(doubts.about_email(address, digits=digits)),
    }


def _dead(form: EmailReadingForm) -> str:
    """The error that more typing cannot remove, such as a space; "" without one."""
    sentences = [
        str(error.message)
        for error in form.errors.as_data().get("email", [])
        if error.code in _WHATEVER_FOLLOWS
    ]
    return sentences[0] if sentences else ""


def _slip(typed: str) -> list[Doubt]:
    meant = typo_check.likely(typed)
    return [doubts.about_slip(typed, meant)] if meant else []


@sensitive_variables()
def _digits(text: str) -> str:
    try:
        return national_number.parse(text, today=timezone.localdate()).digits
    except NationalNumberError:
        return ""
