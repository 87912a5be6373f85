"""Who works here, and who came."""

from counter.models.clerks import Clerk, ClerkManager
from counter.models.dossiers import Applicant, Dossier
from counter.models.enquiries import Enquiry
from counter.models.journal import JournalEntry, JournalSeal
from counter.models.offices import ClosingDay, Office, OfficeText, OpeningHours
from counter.models.sign_in import SecondFactor, SignInFailure
from counter.models.visits import Draft, MailDomain, TurnedAway

__all__ = [
    "Applicant",
    "Clerk",
    "ClerkManager",
    "ClosingDay",
    "Dossier",
    "Draft",
    "Enquiry",
    "JournalEntry",
    "JournalSeal",
    "MailDomain",
    "Office",
    "OfficeText",
    "OpeningHours",
    "SecondFactor",
    "SignInFailure",
    "TurnedAway",
]
