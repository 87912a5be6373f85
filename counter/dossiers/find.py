"""From the address of a page to the dossier that it is about."""

import uuid

from django.shortcuts import get_object_or_404

from counter.models import Clerk, Dossier


def dossier_for(clerk: Clerk, pk: uuid.UUID) -> Dossier:
    """The dossier, as far as this clerk sees it; Http404 otherwise."""
    rows = Dossier.objects.visible_to(clerk)
    return get_object_or_404(
        rows.select_related("applicant", "office", "recorded_by"), pk=pk
    )
