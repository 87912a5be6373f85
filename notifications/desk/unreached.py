"""Dossiers whose person the last mail did not reach, or perhaps not."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from counter.desk.problem import MOST_OF_A_KIND, Problem, of_dossiers
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState
from notifications.models import Delivery

if TYPE_CHECKING:
    from counter.desk.additions import Rows


def with_refused_mail(dossiers: "Rows", *, since: datetime | None = None) -> "Rows":
    """Waiting for the person, who was not reached: the last mail was refused.

    One that was refused before counts no more once another is on its way: the address
    was put right, or the mail sent again. `since` looks at when.
    """
    refused = with_last_mail(dossiers, DeliveryState.REFUSED)
    if since is None:
        return refused
    return refused.filter(GreaterThanOrEqual(_of_last_mail("refused_at"), since))


def with_unknown_mail(dossiers: "Rows") -> "Rows":
    """Waiting for the person, and nobody knows whether the last mail arrived."""
    return with_last_mail(dossiers, DeliveryState.UNKNOWN)


def with_last_mail(dossiers: "Rows", state: DeliveryState) -> "Rows":
    """Waiting for the person, and the last mail to them is in this state."""
    waiting = dossiers.filter(state=DossierState.CODE_ISSUED)
    return waiting.filter(Exact(_of_last_mail("state"), state))


def _of_last_mail(column: str) -> Subquery:
    mails = Delivery.objects.to_person().filter(dossier=OuterRef("pk"))
    return Subquery(mails.values(column)[:1])


def with_mails(dossiers: "Rows") -> "Rows":
    """With the mails to the person at hand as `deliveries`, the last one first."""
    mails = Delivery.objects.to_person()
    return dossiers.prefetch_related(Prefetch("deliveries", mails))


def refused_since(dossiers: "Rows", midnight: datetime) -> int:
    return with_refused_mail(dossiers, since=midnight).count()


def _visible(clerk: Clerk) -> "Rows":
    return Dossier.objects.visible_to(clerk).select_related("applicant")


def refused(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    rows = with_refused_mail(_visible(clerk))[:MOST_OF_A_KIND]
    mend = "activation_desk:correct_email"
    return of_dossiers(rows, _("mail refused"), mend=mend)


def unknown(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    rows = with_unknown_mail(_visible(clerk))[:MOST_OF_A_KIND]
    return of_dossiers(rows, _("mail unknown"), tone="warn")
