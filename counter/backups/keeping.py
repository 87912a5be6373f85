"""How long backups still have the data that retention removed (docs/backups.md)."""

from django.conf import settings
from django.utils.translation import gettext as _

from counter.retention.registry import DAY, in_words


def in_backups() -> str:
    """A sentence about it, also for the public's notice; "" when no backup is kept."""
    if not settings.BACKUP_DAYS:
        return ""
    return _(
        "What goes is in encrypted backups for another %(period)s; they serve only to "
        "bring the data back after a failure."
    ) % {"period": in_words(settings.BACKUP_DAYS * DAY)}
