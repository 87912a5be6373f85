"""The counter as the supervisor sees it."""

from counter.admin import clerks, journal, offices, people, visits
from counter.admin.dossiers import DossierAdmin

__all__ = ["DossierAdmin", "clerks", "journal", "offices", "people", "visits"]
