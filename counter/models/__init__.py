"""Who works here, and who came."""

from counter.models.clerks import Clerk, ClerkManager
from counter.models.dossiers import Applicant, Dossier
from counter.models.journal import JournalEntry, JournalSeal
from counter.models.offices import ClosingDay, Office, OpeningHours
from counter.models.sign_in import SignInFailure

__all__ = [
    "Applicant",
    "Clerk",
    "ClerkManager",
    "ClosingDay",
    "Dossier",
    "JournalEntry",
    "JournalSeal",
    "Office",
    "OpeningHours",
    "SignInFailure",
]
