from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig


class NotificationsConfig(HouseConfig):
    default = True
    name = "notifications"
    verbose_name = _("Notifications")
    changes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})
    removes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})

    def ready(self) -> None:
        from counter.desk import dashboard  # noqa: PLC0415 (it has models)
        from counter.people import kinship_door  # noqa: PLC0415 (it has models)
        from notifications import receivers  # noqa: F401, PLC0415 (as above)
        from notifications.desk import late_mails  # noqa: PLC0415 (as above)
        from notifications.outbox import deciding  # noqa: PLC0415 (as above)

        # To decide a mail is an act on whom it went to.
        kinship_door.LEADS_TO["delivery"] = deciding.dossier_of
        dashboard.also_shown.extend([late_mails.mails, late_mails.of_no_visit])
