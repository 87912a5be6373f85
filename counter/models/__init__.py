"""The tables of the counter: offices, staff, dossiers, the journal."""

from counter.models.accounts import AccountChange, CityIdentity, PasswordLink
from counter.models.applicants import Applicant
from counter.models.clerks import Clerk, SignInRecord
from counter.models.corrections import DossierCorrection
from counter.models.desks import Desk
from counter.models.dossiers import Dossier
from counter.models.enquiries import Enquiry
from counter.models.journal import JournalEntry, JournalSeal
from counter.models.kinship import KinshipAnswer
from counter.models.offices import ClosingDay, Office, OfficeText, OpeningHours
from counter.models.operations import Alarm, TaskRun
from counter.models.passkeys import Passkey, PasskeyChallenge
from counter.models.retention import DestructionRecord, LegalHold, RetentionPeriod
from counter.models.sign_in import (
    FailedSignIns,
    KnownComputer,
    SecondFactor,
    SignInFailure,
)
from counter.models.visits import Draft, MailDomain, MonthCount, TurnedAway

__all__ = [
    "AccountChange",
    "Alarm",
    "Applicant",
    "CityIdentity",
    "Clerk",
    "ClosingDay",
    "Desk",
    "DestructionRecord",
    "Dossier",
    "DossierCorrection",
    "Draft",
    "Enquiry",
    "FailedSignIns",
    "JournalEntry",
    "JournalSeal",
    "KinshipAnswer",
    "KnownComputer",
    "LegalHold",
    "MailDomain",
    "MonthCount",
    "Office",
    "OfficeText",
    "OpeningHours",
    "Passkey",
    "PasskeyChallenge",
    "PasswordLink",
    "RetentionPeriod",
    "SecondFactor",
    "SignInFailure",
    "SignInRecord",
    "TaskRun",
    "TurnedAway",
]
