"""Redirects for the applicant's and holder's views, and pages without their own URL."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activation.exceptions import TooManyRequestsError
from activation.journey import accounts, opened_links, times, visit
from activation.letters.masking import mask_name
from activation.models import ActivationCode
from activation.public.opening import opening_context
from activation.public.prices import prices_for_everybody
from activation.web import kept_form
from counter.models import Office
from counter.offices import of_request
from counter.web.see_other import SeeOther
from counter.web.waiting import seconds_until

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def see_other(name: str, *args: object) -> SeeOther:
    return SeeOther(name, *args)


def step_address(name: str, code_id: UUID, **query: str) -> str:
    """The address of a page of the activation with this code."""
    return opened_links.address(name, opened_links.reference(code_id), **query)


def to_step(name: str, code_id: UUID) -> SeeOther:
    return SeeOther(step_address(name, code_id))


def sent_from[**P](page: str) -> Callable[[View[P]], View[P]]:
    """Decorate a view that accepts only POSTs, from a form on `page`.

    A GET redirects to `page`, which takes the same arguments. It happens when the
    answer to the form is a page, for example the page that asks to wait: its language
    links, and a reload, have the address of this view.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def handle(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                address = reverse(page, args=args, kwargs=kwargs)
                query = request.GET.urlencode()
                return SeeOther(f"{address}?{query}" if query else address)
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return handle

    return decorate


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    return render(request, template, dict(context), status=status)


def show_step(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    code: ActivationCode,
    step: str,
    back: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show a page of the activation, with the list of steps and the present one.

    `step` is "code", "account", "key" or "confirm". `back` is the address of the page
    before, where the person can change the choice.
    """
    here = None if step == "code" else visit.Visit.load(request, code.pk)
    names = {
        "code": _("Your code"),
        "account": _("Your account"),
        "key": _("Your key"),
        "confirm": _("Try it"),
    }
    step_context = {
        **about(code.pk),
        "office": code.dossier.office,
        "steps": tuple(names.values()),
        "current": list(names).index(step) + 1,
        "back": back,
        "waiting": waiting(here, at=timezone.now()) if here else {},
        "resumed": _resumed(here, code),
    }
    return show(request, template, {**step_context, **context}, status=status)


def waiting(here: visit.Visit, *, at: datetime) -> dict[str, object]:
    """The context about the time limit of this visit: the end and the seconds left.

    `remind` is how many seconds before the end the page reminds the person. `is_last`
    says that the end cannot be extended any more.
    """
    return {
        "until": date_format(timezone.localtime(here.ends_at), "TIME_FORMAT"),
        "seconds": max(0, int((here.ends_at - at).total_seconds())),
        "remind": int(times.REMIND_BEFORE.total_seconds()),
        "is_last": here.ends_at == here.started_at + times.IN_ALL,
    }


def _resumed(here: visit.Visit | None, code: ActivationCode) -> dict[str, object]:
    """The context for a person who typed the code again and continues.

    When the earlier choice was made, and the masked user name; empty otherwise.
    """
    if here is None or here.resumed_from is None:
        return {}
    holder = accounts.account_of(code.dossier.applicant)
    then = timezone.localtime(here.resumed_from)
    return {
        "day": date_format(then, "DATE_FORMAT"),
        "time": date_format(then, "TIME_FORMAT"),
        "masked": mask_name(holder.user_name) if holder else "",
    }


def about(code_id: UUID) -> dict[str, str]:
    """The context with which forms and links of a page stay with this code.

    `link` is for templates/activation/parts/_link.html; `of_link` is appended to the
    address of a link.
    """
    link = opened_links.reference(code_id)
    return {"link": link, "of_link": f"?{opened_links.PARAMETER}={link}"}


def dead_end(
    request: HttpRequest,
    template: str,
    office: Office | None,
    context: Mapping[str, object] | None = None,
    *,
    status: int,
) -> HttpResponse:
    """Show a page that sends the person to the counter, with the opening hours."""
    opening: dict[str, object] = {"opening_now": None, "week": [], "closed": []}
    if office:
        opening = opening_context(office, at=timezone.now())
    opening["office"] = office
    return show(request, template, {**opening, **(context or {})}, status=status)


def on_hold(request: HttpRequest, office: Office) -> HttpResponse:
    """Show that the code does not work until the refund of its payment is decided."""
    return dead_end(request, "activation/web/on_hold.html", office, status=409)


def link_ended(request: HttpRequest, code: ActivationCode | None) -> HttpResponse:
    """Show the page for a link that is unknown, used, locked, replaced or too old.

    The text is the same in each case, so that it does not reveal which links exist. The
    office and its prices are those of the dossier. This reveals nothing, because only a
    person with a real link sees it. Without a code it is the office in the address or
    the only office; with several offices none is shown.
    """
    office = code.dossier.office if code else of_request.office_of(request)
    return dead_end(
        request,
        "activation/web/link_ended.html",
        office,
        {"prices": prices_for_everybody(office, on=timezone.localdate())},
        status=410,
    )


def link_needed(
    request: HttpRequest, office: Office | None, *, has_other: bool
) -> HttpResponse:
    """Show that the link has to be opened in this browser first.

    It was not opened within the hour, or the browser accepts no cookies. `has_other`
    says that other links were opened here, but the request was for none of them.
    """
    context = {"office": office, "has_other": has_other}
    return show(request, "activation/web/link_needed.html", context, status=403)


def done_before(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Show that a key was activated in this browser before.

    The page about that key is no longer shown, because its time is over.
    """
    return show(request, "activation/web/done_before.html", {"office": office})


def wait(
    request: HttpRequest,
    office: Office | None,
    error: TooManyRequestsError,
    *,
    at: datetime,
) -> HttpResponse:
    """Show the page that asks to wait, with a button that sends the same form again.

    The page has the form's values encrypted (activation.web.kept_form).
    """
    context = {
        "office": office,
        "when": error.then_press(_("Send again")),
        "kept_form": kept_form.close(request),
    }
    response = show(request, "activation/web/wait.html", context, status=429)
    response.headers["Retry-After"] = str(seconds_until(error.free_at, at=at))
    return response


def code_locked(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Show that the code is locked, and that a new one is free within the two weeks."""
    office = code.dossier.office
    return dead_end(request, "activation/web/code_locked.html", office, status=410)


def start_again(
    request: HttpRequest, code: ActivationCode, free_at: datetime
) -> HttpResponse:
    context = {"office": code.dossier.office, "free_at": timezone.localtime(free_at)}
    return show(
        request,
        "activation/web/start_again.html",
        {**about(code.pk), **context},
        status=403,
    )
