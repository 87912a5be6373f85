"""The vocabulary of what is sent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    ACTIVATION_LINK = "activation_link", _("link to activate a key")
    LINK_AGAIN = "link_again", _("link to activate a key, once more")
    REMINDER_WEEK = "reminder_week", _("reminder after a week")
    REMINDER_LAST = "reminder_last", _("reminder two days before the end")
    ONE_TIME_CODE = "one_time_code", _("one-time code")
    KEY_ACTIVATED = "key_activated", _("confirmation of a key")
    KEY_EXPIRES_90 = "key_expires_90", _("key ends in 90 days")
    KEY_EXPIRES_30 = "key_expires_30", _("key ends in 30 days")
    HOLDER_CHANGED = "holder_changed", _("change of an account")
    ENQUIRY = "enquiry", _("question for the office")
    NOT_MINE = "not_mine", _("word to the office: not asked for")


class Channel(TextChoices):
    MAIL = "mail", _("mail")
    SMS = "sms", _("text message")


class DeliveryState(TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    DROPPED = "dropped", _("no longer needed")
