from typing import TYPE_CHECKING, ClassVar, override

from django.contrib.auth.signals import user_logged_out
from django.db.backends.signals import connection_created
from django.db.models.signals import m2m_changed, post_migrate
from django.utils.translation import gettext_lazy as _

from counter.database import privileges
from counter.database.privileges import HouseConfig

if TYPE_CHECKING:
    from counter.backups.figures import Figure
    from counter.desk.additions import Contribution
    from counter.operations.duties import Duty
    from counter.retention.registry import Retention
    from counter.rights.sections import Section
    from counter.roles.kinds import RoleRights
    from counter.upcoming.brought import Upcoming


class CounterConfig(HouseConfig):
    default = True
    name = "counter"
    verbose_name = _("Counter")
    changes: ClassVar[frozenset[str]] = frozenset(
        {
            "Alarm",
            "Applicant",
            "CityIdentity",
            "Clerk",
            "ClosingDay",
            "Desk",
            "Dossier",
            "Draft",
            "Enquiry",
            "FailedSignIns",
            "KnownComputer",
            "LegalHold",
            "MailDomain",
            "MonthCount",
            "Office",
            "OfficeText",
            "OpeningHours",
            "Passkey",
            "PasswordLink",
            "RetentionPeriod",
            "SecondFactor",
            "SignInFailure",
            "SignInRecord",
            "TaskRun",
        }
    )
    removes: ClassVar[frozenset[str]] = frozenset(
        {
            "Alarm",
            "Applicant",
            "CityIdentity",
            "ClosingDay",
            "Draft",
            "Enquiry",
            "FailedSignIns",
            "KnownComputer",
            "MailDomain",
            "MonthCount",
            "OfficeText",
            "OpeningHours",
            "Passkey",
            "PasskeyChallenge",
            "PasswordLink",
            "RetentionPeriod",
            "SecondFactor",
            "SignInFailure",
            "TaskRun",
        }
    )

    def ready(self) -> None:
        from counter import checks  # noqa: PLC0415 (models)
        from counter.journal import journal, recorded_models  # noqa: PLC0415 (models)
        from counter.roles import groups  # noqa: PLC0415 (models)
        from counter.web import cookie_jars  # noqa: PLC0415 (models)

        recorded_models.write_with(journal.write)
        m2m_changed.connect(recorded_models.note_joined)
        user_logged_out.connect(cookie_jars.end_visit)
        connection_created.connect(checks.refuse_powers, dispatch_uid="counter.checks")
        post_migrate.connect(
            privileges.grant_tables, dispatch_uid="counter.database.privileges"
        )
        post_migrate.connect(groups.write_groups, dispatch_uid="counter.roles.groups")

    @override
    def at_the_desk(self) -> "Contribution":
        from counter.desk.contribution import CONTRIBUTION  # noqa: PLC0415 (models)

        return CONTRIBUTION

    @override
    def duties(self) -> "tuple[Duty, ...]":
        from counter.operations.own_duties import DUTIES  # noqa: PLC0415 (models)

        return DUTIES

    @override
    def retention(self) -> "Retention":
        from counter.retention.own_rules import RETENTION  # noqa: PLC0415 (models)

        return RETENTION

    @override
    def backup_figures(self) -> "tuple[Figure, ...]":
        from counter.backups.own_figures import FIGURES  # noqa: PLC0415 (models)

        return FIGURES

    @override
    def upcoming(self) -> "tuple[Upcoming, ...]":
        from counter.upcoming.own import UPCOMING  # noqa: PLC0415 (models)

        return UPCOMING

    @override
    def kept_of_a_person(self) -> "tuple[Section, ...]":
        from counter.rights.own_sections import SECTIONS  # noqa: PLC0415 (models)

        return SECTIONS

    @override
    def role_rights(self) -> "RoleRights":
        from counter.roles.role_rights import RIGHTS  # noqa: PLC0415 (has translations)

        return RIGHTS
