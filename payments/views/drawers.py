"""The clerk's own drawer, from float to close; the supervisor's signature under it.

A clerk has at most one drawer at a time, so no address names one but the supervisor's.
"""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from counter.access import SeeOther, for_clerks
from counter.enums import Role
from counter.exceptions import CounterError
from counter.models import Clerk
from payments.enums import DrawerState
from payments.forms import ApproveForm, CloseForm, CountForm, DepositForm
from payments.models import DrawerSession
from payments.services import drawers as services

_LATEST = 10


@require_safe
@for_clerks
def drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """What the clerk has in hand, and what to do with it next."""
    visible = DrawerSession.objects.visible_to(clerk).select_related("clerk")
    waiting = visible.filter(state=DrawerState.CLOSED).exclude(clerk=clerk)
    context = {
        "drawer": _own(clerk),
        "earlier": visible.filter(clerk=clerk, closed_at__isnull=False)[:_LATEST],
        "waiting": waiting if clerk.role == Role.SUPERVISOR else (),
    }
    return render(request, "payments/drawer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def open_drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Count the float; then back to `next`, the payment that asked for a drawer."""
    onward = _next(request)
    own = _own(clerk)
    if own is not None:
        # A counted one, or one of another office, takes no cash: its page says so.
        books = own.is_open and own.office_id == clerk.office_id
        return SeeOther((onward if books else "") or "payments:drawer")
    form = CountForm(_typed(request))
    show = partial(_show, request, "payments/open_drawer.html", form=form, next=onward)
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        services.open_drawer(clerk=clerk, counts=form.counts, at=timezone.now())
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The drawer is open."))
    return SeeOther(onward or "payments:drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def deposit(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Bring cash to the safe."""
    session = _own(clerk)
    if session is None or not session.is_open:
        return SeeOther("payments:drawer")
    form = DepositForm(_typed(request))
    show = partial(_show, request, "payments/deposit.html", form=form, drawer=session)
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        services.deposit(
            drawer=session, clerk=clerk, at=timezone.now(), **form.cleaned_data
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The deposit is noted."))
    return SeeOther("payments:drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def count_drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The blind count: what is expected is told afterwards, on the next page."""
    session = _own(clerk)
    if session is None or not session.is_open:
        return SeeOther("payments:drawer")
    form = CountForm(_typed(request))
    show = partial(
        _show, request, "payments/count_drawer.html", form=form, drawer=session
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        services.count_drawer(
            drawer=session, clerk=clerk, counts=form.counts, at=timezone.now()
        )
    except CounterError as error:
        messages.warning(request, str(error))
    return SeeOther("payments:close_drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def close_drawer(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Expected, counted and the difference, with its reason."""
    session = _own(clerk)
    if session is None or session.state != DrawerState.COUNTED:
        return SeeOther("payments:drawer")
    form = CloseForm(_typed(request))
    show = partial(
        _show, request, "payments/close_drawer.html", form=form, drawer=session
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        services.close_drawer(
            drawer=session,
            clerk=clerk,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
    except CounterError as error:
        form.add_error("reason", str(error))
        return show(status=422)
    messages.success(request, _("The drawer is closed. Bring it to the supervisor."))
    return SeeOther("payments:drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def approve_drawer(
    request: HttpRequest, clerk: Clerk, session: uuid.UUID
) -> HttpResponse:
    """The supervisor looks at a closed drawer and signs."""
    rows = DrawerSession.objects.visible_to(clerk).select_related("clerk", "office")
    drawer = get_object_or_404(rows.select_related("approved_by"), pk=session)
    if clerk.role != Role.SUPERVISOR:
        raise PermissionDenied
    form = ApproveForm(_typed(request))
    show = partial(
        _show, request, "payments/approve_drawer.html", form=form, drawer=drawer
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        services.approve_drawer(
            drawer=drawer,
            supervisor=clerk,
            sealed_bag=form.cleaned_data["sealed_bag"],
            at=timezone.now(),
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The drawer is approved."))
    return SeeOther("payments:drawer")


def _own(clerk: Clerk) -> DrawerSession | None:
    return DrawerSession.objects.with_clerk(clerk).first()


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _next(request: HttpRequest) -> str:
    """Where to go back to, on this site; empty for nowhere in particular."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else ""


def _show(
    request: HttpRequest,
    template: str,
    *,
    refusal: CounterError | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context["refusal"] = refusal
    return render(request, template, context, status=status)
