"""The reversals on the desk: who has to do what next."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from counter.desk.problem import MOST_OF_A_KIND, Problem
from counter.identity.euros import euros
from counter.models import Clerk
from counter.offices import midnight
from counter.roles import matrix
from payments.desk import role_rights
from payments.enums import OPEN_REVERSALS, RefundMethod, ReversalState
from payments.models import Reversal
from payments.reversals.handing_over import may_hand_over


def reversals(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """The open reversals that concern the clerk, and how today's own requests ended.

    A supervisor sees all of the office. A clerk sees what they asked for, and what
    comes out of their drawer or concerns a payment they took.
    """
    rows = Reversal.objects.visible_to(clerk)
    if not matrix.may(clerk, role_rights.DECIDE_REVERSAL):
        rows = rows.filter(
            Q(asked_by=clerk) | Q(drawer__clerk=clerk) | Q(payment__taken_by=clerk)
        )
    began = midnight.before(at)
    ended_today = Q(asked_by=clerk, decided_at__gte=began)
    listed = rows.filter(Q(state__in=OPEN_REVERSALS) | ended_today).select_related(
        "payment__dossier",
        "payment__receipt",
        "payment__terminal",
        "drawer__clerk",
        "asked_by",
    )
    # First what the clerk has to do, then what waits for others or has ended. The query
    # sorts, because the list is cut.
    first = Case(When(_is_up_to(clerk), then=0), default=1)
    for reversal in listed.order_by(first, "asked_at")[:MOST_OF_A_KIND]:
        yield _as_problem(reversal, clerk)


def _is_up_to(clerk: Clerk) -> Q:
    """The condition for reversals for which `_label` returns a page for this clerk."""
    agreed = Q(state=ReversalState.AGREED)
    if matrix.may(clerk, role_rights.DECIDE_REVERSAL):
        return agreed | Q(state=ReversalState.ASKED) & ~Q(asked_by=clerk)
    return agreed & (~Q(refund_method=RefundMethod.CASH) | Q(drawer__clerk=clerk))


def _as_problem(reversal: Reversal, clerk: Clerk) -> Problem:
    payment = reversal.payment
    label, page = _label(reversal, clerk)
    return Problem(
        dossier=payment.dossier,
        label=label,
        url=page and reverse(f"payments_reversals:{page}", args=(reversal.pk,)),
        detail=_("receipt %(number)s, %(amount)s, asked by %(who)s")
        % {
            "number": payment.receipt.label,
            "amount": euros(reversal.amount),
            "who": reversal.asked_by,
        },
        at=reversal.asked_at,
        tone="bad" if page else "info",
    )


def _label(reversal: Reversal, clerk: Clerk) -> tuple[str, str]:
    """What the desk calls it, and the name of the page where the clerk goes on."""
    if reversal.state == ReversalState.ASKED:
        decides = (
            matrix.may(clerk, role_rights.DECIDE_REVERSAL)
            and reversal.asked_by_id != clerk.pk
        )
        if decides:
            return _("money back: decide"), "decide_reversal"
        return _("money back: not decided yet"), ""
    if reversal.state == ReversalState.AGREED:
        page = "hand_over" if may_hand_over(reversal, clerk) else ""
        return _to_do(reversal, clerk), page
    return _ended(reversal), ""


def _to_do(reversal: Reversal, clerk: Clerk) -> str:
    drawer = reversal.drawer
    if drawer is None:
        terminal = reversal.payment.terminal
        where = terminal.name if terminal else _("the card terminal")
        return _("back on %(terminal)s") % {"terminal": where}
    if drawer.clerk_id != clerk.pk:
        return _("back from the drawer of %(who)s") % {"who": drawer.clerk}
    return _("hand the cash over")


def _ended(reversal: Reversal) -> str:
    if reversal.state == ReversalState.REFUSED:
        return _("money back: refused")
    if reversal.refund_method == RefundMethod.BOOKS:
        return _("how it was paid: corrected")
    if reversal.refund_method == RefundMethod.TRANSFER:
        return _("money back: goes by bank transfer")
    return _("money back: done")
