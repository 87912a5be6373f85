"""The applicant's pages that no address of their own leads to, and redirects."""

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
    """A page of the way, about this code."""
    return opened_links.address(name, opened_links.reference(code_id), **query)


def to_step(name: str, code_id: UUID) -> SeeOther:
    return SeeOther(step_address(name, code_id))


def sent_from[**P](page: str) -> Callable[[View[P]], View[P]]:
    """A view that only a form on `page` leads to; looking at it leads to that page.

    The answer to a form can be a page (to wait a moment). Its language links, and a
    reload of it, look at the form's own address. `page` takes the same arguments.
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
    """A page of the way, with where the person is on it.

    `step` is "code", "account", "key" or "confirm"; `back` the address of the page
    before, where what was chosen there can be chosen again.
    """
    here = None if step == "code" else visit.Visit.load(request, code.pk)
    names = {
        "code": _("Your code"),
        "account": _("Your account"),
        "key": _("Your key"),
        "confirm": _("Try it"),
    }
    way = {
        **about(code.pk),
        "office": code.dossier.office,
        "steps": list(names.values()),
        "current": list(names).index(step) + 1,
        "back": back,
        "waiting": waiting(here, at=timezone.now()) if here else {},
        "resumed": _resumed(here, code),
    }
    return show(request, template, {**way, **context}, status=status)


def waiting(here: visit.Visit, *, at: datetime) -> dict[str, object]:
    """Until when a page of this visit waits: as it is said, and in seconds."""
    return {
        "until": date_format(timezone.localtime(here.ends_at), "TIME_FORMAT"),
        "seconds": max(0, int((here.ends_at - at).total_seconds())),
        "remind": int(times.REMIND_BEFORE.total_seconds()),
        "is_last": here.ends_at == here.started_at + times.IN_ALL,
    }


def _resumed(here: visit.Visit | None, code: ActivationCode) -> dict[str, object]:
    """What was chosen before, for who typed the code again and goes on with it."""
    if here is None or here.resumed_from is None:
        return {}
    holder = accounts.standing(code.dossier.applicant)
    then = timezone.localtime(here.resumed_from)
    return {
        "day": date_format(then, "DATE_FORMAT"),
        "time": date_format(then, "TIME_FORMAT"),
        "masked": mask_name(holder.user_name) if holder else "",
    }


def about(code_id: UUID) -> dict[str, str]:
    """What a page's forms and links need to stay with this code's link.

    `link` for templates/activation/parts/_link.html, `of_link` behind an address of
    ours.
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
    """A page from which the way leads to the counter: with when that is open."""
    opening: dict[str, object] = {"standing": None, "week": [], "closed": []}
    if office:
        opening = opening_context(office, at=timezone.now())
    opening["office"] = office
    return show(request, template, {**opening, **(context or {})}, status=status)


def on_hold(request: HttpRequest, office: Office) -> HttpResponse:
    """The payment may be given back: until that is decided the code does not work."""
    return dead_end(request, "activation/web/on_hold.html", office, status=409)


def link_ended(request: HttpRequest, code: ActivationCode | None) -> HttpResponse:
    """One page for a link that is unknown, used, locked, replaced or past its time.

    It says the same in each case, so that nobody learns from it which links exist.
    The office and its prices are those of the dossier, and without one those of the
    only office there is: with several no office is guessed. The dossier's is shown to
    who has a real link only, so it tells them nothing that they do not have.
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
    """No link was opened in this browser within the hour, or it keeps no cookies.

    `has_other`: others were, and the page or form was about none of those.
    """
    context = {"office": office, "has_other": has_other}
    return show(request, "activation/web/link_needed.html", context, status=403)


def done_before(request: HttpRequest, office: Office | None) -> HttpResponse:
    """A key was activated in this browser, and its page is over."""
    return show(request, "activation/web/done_before.html", {"office": office})


def wait(
    request: HttpRequest,
    office: Office | None,
    error: TooManyRequestsError,
    *,
    at: datetime,
) -> HttpResponse:
    """What was sent goes along, for the button that sends it again."""
    context = {
        "office": office,
        "when": error.then_press(_("Send again")),
        "kept_form": kept_form.close(request),
    }
    response = show(request, "activation/web/wait.html", context, status=429)
    response.headers["Retry-After"] = str(seconds_until(error.free_at, at=at))
    return response


def code_locked(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """A new code is free, as long as the two weeks are not over."""
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
