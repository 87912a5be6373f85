"""Finds the dossier whose primary key is in the URL of a desk page."""

import uuid

from django.shortcuts import get_object_or_404

from counter.models import Clerk, Dossier


def dossier_for(clerk: Clerk, pk: uuid.UUID) -> Dossier:
    """The dossier, if this clerk may see it. Raises Http404 otherwise."""
    rows = Dossier.objects.visible_to(clerk)
    return get_object_or_404(
        rows.select_related("applicant", "office", "recorded_by"), pk=pk
    )
