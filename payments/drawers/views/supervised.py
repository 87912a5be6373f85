"""The pages for a drawer by its id: approve it, count it again, or count it for a
colleague who is absent.
"""

import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter.exceptions import CounterError
from counter.models import Clerk
from counter.roles import matrix
from counter.staff.access import for_clerks
from counter.web.see_other import SeeOther
from payments.closing import whose_day
from payments.desk import role_rights
from payments.drawers import counting, drawers, second_person
from payments.drawers.figures import figures_of
from payments.drawers.forms import (
    ApproveForm,
    JointCloseForm,
    JointCountForm,
    RecountForm,
)
from payments.drawers.seen import count_sent, last_count
from payments.drawers.views.own import show_page, typed_in
from payments.enums import DrawerState
from payments.models import DrawerSession


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def approve_drawer(
    request: HttpRequest, clerk: Clerk, session: uuid.UUID
) -> HttpResponse:
    """Show a drawer to a supervisor to approve; then redirect to its day's close."""
    seen = last_count(session)
    drawer = _for_supervisor(clerk, session)
    form = ApproveForm(typed_in(request))
    show = partial(
        show_page,
        request,
        "payments/drawers/approve_drawer.html",
        form=form,
        drawer=drawer,
        seen=seen,
        figures=figures_of(drawer) if drawer.counted_at else None,
        day=_day_of(clerk, drawer),
        is_mine=drawer.clerk_id == clerk.pk,
        why_not=second_person.why_not(drawer, clerk, at=timezone.now()),
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        drawers.approve_drawer(
            drawer=drawer,
            supervisor=clerk,
            count=count_sent(request),
            sealed_bag=form.cleaned_data["sealed_bag"],
            at=timezone.now(),
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The drawer is approved."))
    if day := _day_of(clerk, drawer):
        return SeeOther(day)
    return SeeOther("payments_drawers:drawer")


@require_POST
@for_clerks
def ask_recount(request: HttpRequest, clerk: Clerk, session: uuid.UUID) -> HttpResponse:
    """Ask the drawer's clerk to count again before anybody approves the drawer."""
    drawer = _for_supervisor(clerk, session)
    try:
        counting.ask_recount(
            drawer=drawer,
            supervisor=clerk,
            count=count_sent(request),
            at=timezone.now(),
        )
    except CounterError as error:
        messages.warning(request, str(error))
    else:
        sentence = _("%(who)s finds on the drawer's page that you ask for a recount.")
        messages.success(request, sentence % {"who": drawer.clerk})
    return SeeOther("payments_drawers:approve_drawer", drawer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks
def recount_drawer(
    request: HttpRequest, clerk: Clerk, session: uuid.UUID
) -> HttpResponse:
    """Count the clerk's own drawer again, until it is approved; each count is kept."""
    drawer = get_object_or_404(DrawerSession.objects.own(clerk), pk=session)
    if drawer.state not in (DrawerState.COUNTED, DrawerState.CLOSED):
        return SeeOther("payments_drawers:drawer")
    form = RecountForm(
        typed_in(request), asks_reason=drawer.state == DrawerState.CLOSED
    )
    show = partial(
        show_page,
        request,
        "payments/drawers/recount_drawer.html",
        form=form,
        drawer=drawer,
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        counting.recount_drawer(
            drawer=drawer,
            clerk=clerk,
            counts=form.counts,
            reason=form.reason,
            at=timezone.now(),
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The new count stands beside the one before."))
    return SeeOther("payments_drawers:drawer")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def count_for_colleague(
    request: HttpRequest, clerk: Clerk, session: uuid.UUID
) -> HttpResponse:
    """Record a blind count by two persons: only the next page has what is expected."""
    drawer = _for_supervisor(clerk, session)
    if drawer.state == DrawerState.APPROVED or drawer.clerk_id == clerk.pk:
        return SeeOther("payments_drawers:approve_drawer", drawer.pk)
    form = JointCountForm(
        typed_in(request),
        request=request,
        supervisor=clerk,
        drawer=drawer,
        asks_reason=drawer.state == DrawerState.CLOSED,
    )
    show = partial(
        show_page,
        request,
        "payments/drawers/count_for_colleague.html",
        form=form,
        drawer=drawer,
    )
    if request.method != "POST":
        return show(refusal=drawers.why_not_counted(drawer))
    if not form.is_valid() or form.colleague is None:
        return show(status=422)
    try:
        counting.count_for_colleague(
            drawer=drawer,
            supervisor=clerk,
            colleague=form.colleague,
            counts=form.counts,
            reason=form.reason,
            at=timezone.now(),
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    # If the drawer was closed before, that page redirects to its approval.
    return SeeOther("payments_drawers:close_for_colleague", drawer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def close_for_colleague(
    request: HttpRequest, clerk: Clerk, session: uuid.UUID
) -> HttpResponse:
    """Close a drawer for an absent clerk, with what the two know of a difference."""
    seen = last_count(session)
    drawer = _for_supervisor(clerk, session)
    if drawer.state != DrawerState.COUNTED or drawer.clerk_id == clerk.pk:
        return SeeOther("payments_drawers:approve_drawer", drawer.pk)
    form = JointCloseForm(
        typed_in(request),
        request=request,
        supervisor=clerk,
        drawer=drawer,
        is_asked=counting.counted_with(drawer, clerk) is None,
    )
    show = partial(
        show_page,
        request,
        "payments/drawers/close_for_colleague.html",
        form=form,
        seen=seen,
        drawer=drawer,
    )
    if request.method != "POST":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        counting.close_for_colleague(
            drawer=drawer,
            supervisor=clerk,
            colleague=form.colleague,
            count=count_sent(request),
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
    except CounterError as error:
        return show(refusal=error, status=409)
    messages.success(request, _("The drawer is closed. It waits for approval."))
    return SeeOther("payments_drawers:approve_drawer", drawer.pk)


def _day_of(clerk: Clerk, drawer: DrawerSession) -> str:
    """The address of the day's close that has the drawer's count; "" before it."""
    if drawer.counted_at is None:
        return ""
    day = timezone.localdate(drawer.counted_at).isoformat()
    return whose_day.address("day", day, drawer.office, clerk)


def _for_supervisor(clerk: Clerk, session: uuid.UUID) -> DrawerSession:
    rows = DrawerSession.objects.visible_to(clerk).select_related("clerk", "office")
    drawer = get_object_or_404(rows.select_related("approved_by"), pk=session)
    if not matrix.may(clerk, role_rights.APPROVE_DRAWER):
        raise PermissionDenied
    return drawer
