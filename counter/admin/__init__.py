"""The admins of the counter app, for supervisors and the other roles with an admin."""

from counter.admin import (
    desks,
    enquiries,
    holds,
    journal,
    offices,
    people,
    retention,
    visits,
)
from counter.admin.accounts import clerks
from counter.admin.dossiers import DossierAdmin

__all__ = [
    "DossierAdmin",
    "clerks",
    "desks",
    "enquiries",
    "holds",
    "journal",
    "offices",
    "people",
    "retention",
    "visits",
]
