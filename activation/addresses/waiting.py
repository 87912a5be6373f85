"""The desk's notices about address changes that the old address disputes."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activation.addresses.settling import has_correctable_address
from activation.models import AddressChange
from counter.desk.problem import MOST_OF_A_KIND, Problem
from counter.enums import OPEN_STATES, DossierState
from counter.models import Clerk, Dossier


def disputes(clerk: Clerk, at: datetime) -> Iterator[Problem]:
    """Open or activated dossiers with an objection that is not settled."""
    is_activated = Q(dossier__state=DossierState.ACTIVATED)
    rows = AddressChange.objects.visible_to(clerk).disputed()
    open_ones = rows.filter(Q(dossier__state__in=OPEN_STATES) | is_activated)
    # One change of each dossier before the list is cut, so that a dossier with several
    # hides no other.
    first = open_ones.order_by("dossier_id", "objected_at").distinct("dossier_id")
    correctable = Dossier.objects.filter(
        has_correctable_address(at), pk=OuterRef("dossier")
    )
    # Oldest first: the list is cut off, and newer ones must not hide an old one.
    waiting = (
        AddressChange.objects.filter(pk__in=first.values("pk"))
        .annotate(is_correctable=Exists(correctable))
        .order_by("objected_at")
        .select_related("dossier__applicant")
    )
    for change in waiting[:MOST_OF_A_KIND]:
        dossier = change.dossier
        page, label = (
            ("correct_email", _("Correct the address"))
            if change.is_correctable
            else ("settle_objection", _("Look at what happened"))
        )
        yield Problem(
            dossier,
            _("the address before did not ask for the change"),
            at=change.objected_at,
            mend=reverse(f"activation_desk:{page}", args=[dossier.pk]),
            mend_label=label,
        )
