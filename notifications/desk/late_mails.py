"""Problems for the desk: mails that are late, and mails of unknown outcome."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counter.desk.problem import MOST_OF_A_KIND, Problem
from counter.models import Clerk, Enquiry
from counter.roles import matrix
from counter.roles.role_rights import HANDLE_ENQUIRIES
from notifications.desk import role_rights
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from notifications.querysets import SHOWN_FOR, DeliveryQuerySet


def mails(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """The dossiers of the clerk's office whose mail is late, the oldest first."""
    late = Delivery.objects.visible_to(clerk).late(at).filter(dossier__isnull=False)
    # One mail of each dossier before the list is cut, so that a dossier with many late
    # mails hides no other.
    oldest = late.order_by("dossier_id", F("since")).distinct("dossier_id")
    rows = Delivery.objects.filter(pk__in=oldest.values("pk")).late(at)
    for row in rows.select_related("dossier__applicant")[:MOST_OF_A_KIND]:
        yield Problem(row.dossier, row.late_label, at=row.waiting_since, tone="warn")


def of_no_visit(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """For a supervisor, about mails that belong to no visit: one line for all that were
    refused, and one for all that are undecided.
    """
    if not matrix.may(clerk, role_rights.DECIDE_MAILS_OF_NO_VISIT):
        return
    refused = Delivery.objects.refused_of_no_visit(at).supervised_by(clerk)
    yield from _problem_for_all(refused, _("mail refused"), tone="bad")
    undecided = Delivery.objects.of_no_visit(at).supervised_by(clerk)
    yield from _problem_for_all(undecided, _("mail unknown or given up"), tone="warn")


def _problem_for_all(
    mails: DeliveryQuerySet[Delivery], label: str, *, tone: str
) -> Iterator[Problem]:
    """One line for all of these mails, if there are any."""
    all_of = mails.aggregate(count=Count("pk"), oldest=Min("created_at"))
    if not (count := all_of["count"]):
        return
    yield Problem(
        None,
        label,
        name=_("Mails to staff, office and key holders"),
        url=reverse("notifications_desk:mails_of_no_visit"),
        detail=ngettext("%(n)d mail", "%(n)d mails", count) % {"n": count},
        at=all_of["oldest"],
        tone=tone,
    )


def page_about(mail: Delivery) -> str:
    """The address of the page of the account, or of the message of the public, that the
    mail was about; empty for other mails.
    """
    if mail.enquiry_id is not None:
        return reverse("admin:counter_enquiry_change", args=[mail.enquiry_id])
    change, link = mail.account_change, mail.password_link
    account = link.clerk_id if link else None
    if change is not None:
        is_second = mail.kind == Kind.ACCOUNT_SECOND
        account = change.second_supervisor_id if is_second else change.account_id
    if account is None:
        return ""
    return reverse("admin:counter_clerk_change", args=[account])


def answers(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """Answers to messages of the public that did not arrive, or are late.

    Each is shown for two weeks; after that, the person has asked again or has found the
    answer somewhere else.
    """
    if not matrix.may(clerk, HANDLE_ENQUIRIES):
        return
    mails = Delivery.objects.filter(
        kind=Kind.ENQUIRY_ANSWER, enquiry__in=Enquiry.objects.visible_to(clerk)
    )
    lost = Q(
        state__in=(DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.DEAD)
    )
    late = Q(pk__in=mails.late(at).values("pk"))
    rows = mails.filter(lost | late, created_at__gt=at - SHOWN_FOR)
    for row in rows.select_related("enquiry").order_by("created_at")[:MOST_OF_A_KIND]:
        if row.enquiry is not None:
            yield Problem(
                None,
                _("answer did not arrive"),
                name=str(row.enquiry),
                url=reverse("admin:counter_enquiry_change", args=[row.enquiry.pk]),
                at=row.created_at,
                tone="warn",
            )
