"""The desk's list of messages that were not answered in time."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from counter.desk.problem import MOST_OF_A_KIND, Problem
from counter.models import Clerk, Enquiry
from counter.roles import matrix, role_rights


def messages(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """One line for each late message, the oldest first, for roles that may answer."""
    if not matrix.may(clerk, role_rights.HANDLE_ENQUIRIES):
        return
    late = Enquiry.objects.visible_to(clerk).overdue(at).select_related("owner")
    for enquiry in late.order_by("received_at")[:MOST_OF_A_KIND]:
        yield Problem(
            None,
            _("message not answered"),
            name=str(enquiry),
            url=reverse("admin:counter_enquiry_change", args=[enquiry.pk]),
            detail=str(enquiry.owner or _("nobody took it")),
            at=enquiry.received_at,
            tone="warn",
        )
