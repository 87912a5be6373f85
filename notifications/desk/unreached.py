"""Dossiers whose last mail did not reach the person, or perhaps did not."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activation.codes.reissuing import is_unused
from activation.models import ActivationCode
from counter.desk.problem import MOST_OF_A_KIND, Problem, of_dossiers
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState
from notifications.models import Delivery

if TYPE_CHECKING:
    from counter.desk.additions import Rows


def with_refused_mail(dossiers: "Rows", *, since: datetime | None = None) -> "Rows":
    """Dossiers that wait for a person whose last mail was refused.

    An earlier refusal no longer counts once another mail is on its way, because the
    address was put right or the mail sent again. With `since`, only refusals from then
    on.
    """
    refused = with_last_mail(dossiers, DeliveryState.REFUSED)
    if since is None:
        return refused
    return refused.filter(GreaterThanOrEqual(_of_last_mail("refused_at"), since))


def with_unknown_mail(dossiers: "Rows") -> "Rows":
    """Dossiers that wait for a person whose last mail is of unknown outcome."""
    return with_last_mail(dossiers, DeliveryState.UNKNOWN)


def with_last_mail(dossiers: "Rows", state: DeliveryState) -> "Rows":
    """Dossiers that wait for a person, and whose last mail to them is in this state."""
    waiting = dossiers.filter(state=DossierState.CODE_ISSUED)
    return waiting.filter(Exact(_of_last_mail("state"), state))


def _of_last_mail(column: str) -> Subquery:
    mails = Delivery.objects.to_person().filter(dossier=OuterRef("pk"))
    return Subquery(mails.values(column)[:1])


def with_mails(dossiers: "Rows") -> "Rows":
    """Load the mails to the person with the dossiers, as `deliveries`, newest first,
    and as `has_code` whether the address can be corrected: a new code takes the place
    of one that is not on hold.
    """
    mails = Delivery.objects.to_person()
    unused = is_unused(timezone.now())
    codes = ActivationCode.objects.filter(unused, dossier=OuterRef("pk"))
    rows = cast("Rows", dossiers.annotate(has_code=Exists(codes)))
    return rows.prefetch_related(Prefetch("deliveries", mails))


def refused_since(dossiers: "Rows", midnight: datetime) -> int:
    return with_refused_mail(dossiers, since=midnight).count()


def _visible(clerk: Clerk) -> "Rows":
    return Dossier.objects.visible_to(clerk).select_related("applicant")


def refused(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """Dossiers whose last mail was refused. Those whose code is on hold have no link to
    the page that corrects the address.
    """
    rows = list(with_refused_mail(_visible(clerk))[:MOST_OF_A_KIND])
    codes = ActivationCode.objects.filter(is_unused(at), dossier__in=rows)
    with_code = set(codes.order_by().values_list("dossier", flat=True))
    for dossier in rows:
        mend = "activation_desk:correct_email" if dossier.pk in with_code else ""
        yield from of_dossiers([dossier], _("mail refused"), mend=mend)


def given_up(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    """Dossiers whose last mail could not be sent for a day."""
    dossiers = with_last_mail(_visible(clerk), DeliveryState.DEAD)
    return of_dossiers(dossiers[:MOST_OF_A_KIND], _("mail given up"))


def unknown(clerk: Clerk, _at: datetime) -> Iterator[Problem]:
    rows = with_unknown_mail(_visible(clerk))[:MOST_OF_A_KIND]
    return of_dossiers(rows, _("mail unknown"), tone="warn")
