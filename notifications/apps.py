from typing import TYPE_CHECKING, ClassVar, override

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig
from counter.journal.events import Event
from notifications.enums import Kind

if TYPE_CHECKING:
    from counter.desk.additions import Contribution
    from counter.operations.duties import Duty
    from counter.retention.registry import Retention
    from counter.rights.sections import Section
    from counter.roles.kinds import RoleRights
    from counter.upcoming.brought import Upcoming


class NotificationsConfig(HouseConfig):
    default = True
    name = "notifications"
    verbose_name = _("Notifications")
    changes: ClassVar[frozenset[str]] = frozenset({"Circuit", "Delivery", "Heartbeat"})
    removes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})

    def ready(self) -> None:
        from counter.journal.entry_details import label  # noqa: PLC0415 (models)
        from notifications import receivers  # noqa: F401, PLC0415 (models)
        from notifications.channels import channels  # noqa: PLC0415 (models)

        channels.check_gateway()
        label(Kind, "kind", Event.MAIL_SENT, Event.MAIL_REFUSED, Event.MAIL_UNKNOWN)
        label(Kind, "kind", Event.MAIL_ARRIVED, Event.MAIL_SENT_AGAIN)
        label(Kind, "kind", Event.MAIL_GIVEN_UP)

    @override
    def at_the_desk(self) -> "Contribution":
        from notifications.desk.contribution import CONTRIBUTION  # noqa: PLC0415 (models)

        return CONTRIBUTION

    @override
    def duties(self) -> "tuple[Duty, ...]":
        from notifications.health.duties import DUTIES  # noqa: PLC0415 (models)

        return DUTIES

    @override
    def retention(self) -> "Retention":
        from notifications.retention import RETENTION  # noqa: PLC0415 (models)

        return RETENTION

    @override
    def upcoming(self) -> "tuple[Upcoming, ...]":
        from notifications.reminders.upcoming import UPCOMING  # noqa: PLC0415 (models)

        return UPCOMING

    @override
    def kept_of_a_person(self) -> "tuple[Section, ...]":
        from notifications.rights import SECTIONS  # noqa: PLC0415 (models)

        return SECTIONS

    @override
    def role_rights(self) -> "RoleRights":
        from notifications.desk.role_rights import RIGHTS  # noqa: PLC0415 (has translations)

        return RIGHTS
