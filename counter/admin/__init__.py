"""The counter as the supervisor sees it."""

from counter.admin import clerks, desks, journal, offices, people, visits
from counter.admin.dossiers import DossierAdmin

__all__ = ["DossierAdmin", "clerks", "desks", "journal", "offices", "people", "visits"]
