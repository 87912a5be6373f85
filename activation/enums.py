"""The vocabulary of codes and keys."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CodeState(TextChoices):
    LIVE = "live", _("live")
    LOCKED = "locked", _("locked")
    USED = "used", _("used")
    REPLACED = "replaced", _("replaced")
    LAPSED = "lapsed", _("lapsed")


class KeyKind(TextChoices):
    APP = "app", _("mobile app")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")


class KeyState(TextChoices):
    PENDING = "pending", _("being set up")
    ACTIVE = "active", _("active")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")


class OneTimeCodeState(TextChoices):
    LIVE = "live", _("live")
    USED = "used", _("used")
    REPLACED = "replaced", _("replaced")
