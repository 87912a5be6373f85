from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from counter.privileges import HouseConfig


class NotificationsConfig(HouseConfig):
    default = True
    name = "notifications"
    verbose_name = _("Notifications")
    changes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})
    removes: ClassVar[frozenset[str]] = frozenset({"Delivery", "Heartbeat"})

    def ready(self) -> None:
        from counter import day, kinship_door  # noqa: PLC0415 (it has models)
        from notifications import late, receivers  # noqa: F401, PLC0415 (as above)
        from notifications.services import deciding  # noqa: PLC0415 (as above)

        # To decide a mail is an act on whom it went to.
        kinship_door.LEADS_TO["delivery"] = deciding.dossier_of
        day.also_shown.extend([late.mails, late.of_no_visit])
