"""The pages of the clerk's own drawer, from opening to closing it.

A clerk has at most one drawer at a time, so the addresses have no id. For the drawers
of colleagues, and those of earlier days, see payments.drawers.views.supervised.
"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from counter.exceptions import CounterError
from counter.models import Clerk
from counter.roles import matrix
from counter.staff.access import for_clerks
from counter.web.next_page import next_page
from counter.web.see_other import SeeOther
from payments.desk import role_rights
from payments.drawers import drawers
from payments.drawers.forms import CloseForm, CountForm, DepositForm
from payments.drawers.seen import count_sent, last_count
from payments.enums import WITH_THE_CLERK, DrawerState
from payments.exceptions import DrawerMovedOnError
from payments.models import DrawerSession

_LATEST = 10


@require_safe
@for_clerks
def drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Show the clerk's present drawer, what to do with it next, and earlier ones.

    A supervisor also sees the drawers of colleagues that are open or need approval.
    """
    visible = DrawerSession.objects.visible_to(clerk).select_related("clerk")
    others = visible.exclude(clerk=clerk)
    is_supervisor = matrix.may(clerk, role_rights.APPROVE_DRAWER)
    earlier = DrawerSession.objects.own(clerk).filter(closed_at__isnull=False)
    context = {
        "drawer": own_drawer(clerk),
        "earlier": earlier.select_related("recount_asked_by").prefetch_related(
            "counts__counted_by", "counts__together_with"
        )[:_LATEST],
        "waiting": others.filter(state=DrawerState.CLOSED) if is_supervisor else (),
        "with_others": (
            others.filter(state__in=WITH_THE_CLERK) if is_supervisor else ()
        ),
    }
    return render(request, "payments/drawers/drawer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def open_drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Open a drawer with its float, and redirect to the address in `next`.

    That is the page of the payment which needed a drawer, if there was one.
    """
    onward = next_page(request)
    own = own_drawer(clerk)
    if own is not None:
        # A counted drawer, or one of another office, takes no cash. Then redirect to
        # the drawer's page, which says so.
        books = own.is_open and own.office_id == clerk.office_id
        return SeeOther((onward if books else "") or "payments_drawers:drawer")
    form = CountForm(typed_in(request))
    show = partial(
        show_page, request, "payments/drawers/open_drawer.html", form=form, next=onward
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        drawers.open_drawer(clerk=clerk, counts=form.counts, at=timezone.now())
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The drawer is open."))
    return SeeOther(onward or "payments_drawers:drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def deposit(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Record that cash was brought from the drawer to the safe."""
    session = own_drawer(clerk)
    if session is None or not session.is_open:
        return SeeOther("payments_drawers:drawer")
    form = DepositForm(typed_in(request))
    show = partial(
        show_page, request, "payments/drawers/deposit.html", form=form, drawer=session
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        drawers.deposit(
            drawer=session, clerk=clerk, at=timezone.now(), **form.cleaned_data
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The deposit is noted."))
    return SeeOther("payments_drawers:drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def count_drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Record a blind count: only the next page shows the expected amount."""
    session = own_drawer(clerk)
    if session is None or not session.is_open:
        return SeeOther("payments_drawers:drawer")
    form = CountForm(typed_in(request))
    show = partial(
        show_page,
        request,
        "payments/drawers/count_drawer.html",
        form=form,
        drawer=session,
    )
    if request.method != "POST":
        return show(refusal=drawers.why_not_counted(session))
    if not form.is_valid():
        return show(status=422)
    try:
        drawers.count_drawer(
            drawer=session, clerk=clerk, counts=form.counts, at=timezone.now()
        )
    except DrawerMovedOnError as error:
        messages.warning(request, str(error))
    except CounterError as error:
        return show(refusal=error, status=409)
    return SeeOther("payments_drawers:close_drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def close_drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Close the counted drawer, with a reason if it has not the expected amount.

    The page shows both amounts.
    """
    session = own_drawer(clerk)
    if session is None or session.state != DrawerState.COUNTED:
        return SeeOther("payments_drawers:drawer")
    seen = last_count(session.pk)
    session.refresh_from_db()
    form = CloseForm(typed_in(request))
    show = partial(
        show_page,
        request,
        "payments/drawers/close_drawer.html",
        form=form,
        seen=seen,
        drawer=session,
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        drawers.close_drawer(
            drawer=session,
            clerk=clerk,
            count=count_sent(request),
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
    except DrawerMovedOnError as error:
        return show(refusal=error, status=409)
    except CounterError as error:
        form.add_error("reason", str(error))
        return show(status=422)
    messages.success(request, _("The drawer is closed. Bring it to the supervisor."))
    return SeeOther("payments_drawers:drawer")


def own_drawer(clerk: Clerk) -> DrawerSession | None:
    return DrawerSession.objects.with_clerk(clerk).first()


def typed_in(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def show_page(
    request: HttpRequest,
    template: str,
    *,
    refusal: CounterError | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context["refusal"] = refusal
    return render(request, template, context, status=status)
