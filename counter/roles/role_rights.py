"""The rights of each role in the app `counter`.

A clerk works at the desk, a supervisor runs an office, finance reads the money, an
auditor reads everything and changes nothing, an administrator keeps people and settings
and sees nothing of an applicant.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.enums import Role
from counter.roles.kinds import Act, RoleRights, Roles, Rows, Section

AT_THE_DESK: Final[Roles] = frozenset({Role.CLERK, Role.SUPERVISOR})
SUPERVISOR: Final[Roles] = frozenset({Role.SUPERVISOR})
#: The roles that read what happened in an office.
READERS: Final[Roles] = frozenset({Role.SUPERVISOR, Role.AUDITOR})
MONEY_READERS: Final[Roles] = READERS | {Role.FINANCE}
#: The roles that manage colleagues and settings.
KEEPERS: Final[Roles] = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
SETTINGS_READERS: Final[Roles] = READERS | KEEPERS
EVERY_OFFICE_ROLE: Final[Roles] = frozenset(Role) - {Role.CLERK}

WORK_AT_THE_DESK: Final = Act(
    order=10,
    section=Section.DESK,
    model="counter.dossier",
    name="work_at_the_desk",
    label=_("Work at the desk: record, take payment, give codes, look up"),
    roles=AT_THE_DESK,
)
AGREE_AT_THE_DESK: Final = Act(
    order=20,
    section=Section.DESK,
    model="counter.dossier",
    name="agree_at_the_desk",
    label=_(
        "Agree where a supervisor has to: another name or number, a late correction"
    ),
    roles=SUPERVISOR,
)
ACT_ON_DOSSIER: Final = Act(
    order=205,
    section=Section.DOSSIERS,
    model="counter.dossier",
    name="act_on_dossier",
    label=_("Send again, revoke and put right, from a dossier's page"),
    roles=SUPERVISOR,
)
KEEP_ON_HOLD: Final = Act(
    order=210,
    section=Section.DOSSIERS,
    model="counter.legalhold",
    name="keep_on_hold",
    label=_("Put a hold on a dossier, so that nothing of it is removed, and lift it"),
    roles=SUPERVISOR,
)
HAND_OVER_DATA: Final = Act(
    order=220,
    section=Section.DOSSIERS,
    model="counter.applicant",
    name="hand_over_data",
    label=_("Put together all that is kept of a person"),
    roles=SUPERVISOR,
)
ERASE_DATA: Final = Act(
    order=230,
    section=Section.DOSSIERS,
    model="counter.applicant",
    name="erase_data",
    label=_("Erase what may go of a person"),
    roles=SUPERVISOR,
)
CHOOSE_PERIODS: Final = Act(
    order=80,
    section=Section.OFFICE,
    model="counter.retentionperiod",
    name="choose_periods",
    label=_("Choose how long things are kept"),
    roles=SUPERVISOR,
)
HANDLE_ENQUIRIES: Final = Act(
    order=20,
    section=Section.MESSAGES,
    model="counter.enquiry",
    name="handle_enquiry",
    label=_("Mark messages of the public as handled"),
    roles=SUPERVISOR,
)
READ_OVERVIEW: Final = Act(
    order=5,
    section=Section.DOSSIERS,
    model="counter.dossier",
    name="read_overview",
    label=_("Read how the office goes, on the start page"),
    roles=READERS,
)
INVITE: Final = Act(
    order=20,
    section=Section.STAFF,
    model="counter.clerk",
    name="invite",
    label=_("Invite colleagues, withdraw that, and send links for a password"),
    roles=KEEPERS,
)
END_SESSION: Final = Act(
    order=30,
    section=Section.STAFF,
    model="counter.clerk",
    name="end_session",
    label=_("End the session of a colleague who is signed in"),
    roles=KEEPERS,
)
RESET_APP: Final = Act(
    order=40,
    section=Section.STAFF,
    model="counter.clerk",
    name="reset_app",
    label=_("Reset an app for signing in, with a second supervisor"),
    roles=KEEPERS,
)
READ_STATISTICS: Final = Act(
    order=6,
    section=Section.DOSSIERS,
    model="counter.dossier",
    name="read_statistics",
    label=_("Read the statistics, which have nobody in them"),
    roles=EVERY_OFFICE_ROLE,
)
OPEN_ADMIN: Final = Act(
    order=10,
    section=Section.OFFICE,
    model="counter.office",
    name="open_admin",
    label=_("Open these pages"),
    roles=EVERY_OFFICE_ROLE,
)

_STAFF: Final = (
    Rows(
        order=10,
        section=Section.STAFF,
        model="counter.clerk",
        view=SETTINGS_READERS,
        add=KEEPERS,
        change=KEEPERS,
    ),
)
_DOSSIERS: Final = (
    Rows(order=10, section=Section.DOSSIERS, model="counter.dossier", view=READERS),
    Rows(order=20, section=Section.DOSSIERS, model="counter.applicant", view=READERS),
    Rows(order=30, section=Section.DOSSIERS, model="counter.turnedaway", view=READERS),
    # It shows that a draft exists; only the draft's clerk can read it.
    Rows(order=40, section=Section.DOSSIERS, model="counter.draft", view=READERS),
)
_RETENTION: Final = (
    Rows(order=200, section=Section.DOSSIERS, model="counter.legalhold", view=READERS),
    Rows(
        order=70, section=Section.OFFICE, model="counter.retentionperiod", view=READERS
    ),
    Rows(
        order=30,
        section=Section.JOURNAL,
        model="counter.destructionrecord",
        view=READERS,
    ),
)
_OFFICE: Final = (
    Rows(
        order=90,
        section=Section.OFFICE,
        model="counter.alarm",
        view=SETTINGS_READERS,
    ),
    Rows(
        order=20,
        section=Section.OFFICE,
        model="counter.office",
        view=SETTINGS_READERS,
        # Adding is limited to accounts that see every office (counter.admin.offices).
        add=KEEPERS,
        change=KEEPERS,
    ),
    Rows(
        order=30,
        section=Section.OFFICE,
        model="counter.desk",
        view=SETTINGS_READERS,
        add=KEEPERS,
        change=KEEPERS,
    ),
    Rows(
        order=40,
        section=Section.OFFICE,
        model="counter.maildomain",
        view=SETTINGS_READERS,
        add=KEEPERS,
        change=KEEPERS,
        delete=KEEPERS,
    ),
)
_MESSAGES: Final = (
    Rows(order=10, section=Section.MESSAGES, model="counter.enquiry", view=READERS),
)
_JOURNAL: Final = (
    # Roles that may not view dossiers only see entries that are about no applicant
    # (JournalQuerySet).
    Rows(
        order=10,
        section=Section.JOURNAL,
        model="counter.journalentry",
        view=SETTINGS_READERS,
    ),
    Rows(
        order=20,
        section=Section.JOURNAL,
        model="counter.journalseal",
        view=SETTINGS_READERS,
    ),
)

RIGHTS: Final = RoleRights(
    acts=(
        WORK_AT_THE_DESK,
        AGREE_AT_THE_DESK,
        READ_OVERVIEW,
        READ_STATISTICS,
        ACT_ON_DOSSIER,
        KEEP_ON_HOLD,
        HAND_OVER_DATA,
        ERASE_DATA,
        CHOOSE_PERIODS,
        HANDLE_ENQUIRIES,
        INVITE,
        END_SESSION,
        RESET_APP,
        OPEN_ADMIN,
    ),
    rows=_STAFF + _DOSSIERS + _RETENTION + _OFFICE + _MESSAGES + _JOURNAL,
)
