from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig
from counter.journal.events import Event
from notifications.enums import Kind


class NotificationsConfig(HouseConfig):
    default = True
    name = "notifications"
    verbose_name = _("Notifications")
    changes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})
    removes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})

    def ready(self) -> None:
        from counter.desk import dashboard  # noqa: PLC0415 (it has models)
        from counter.journal.entry_details import label  # noqa: PLC0415 (as above)
        from counter.people import kinship_door  # noqa: PLC0415 (it has models)
        from notifications import receivers  # noqa: F401, PLC0415 (as above)
        from notifications.desk import late_mails  # noqa: PLC0415 (as above)
        from notifications.outbox import deciding  # noqa: PLC0415 (as above)

        label(Kind, "kind", Event.MAIL_SENT, Event.MAIL_REFUSED, Event.MAIL_UNKNOWN)
        label(Kind, "kind", Event.MAIL_ARRIVED, Event.MAIL_SENT_AGAIN)
        # To decide a mail is an act on whom it went to.
        kinship_door.LEADS_TO["delivery"] = deciding.dossier_of
        dashboard.also_shown.extend([late_mails.mails, late_mails.of_no_visit])
