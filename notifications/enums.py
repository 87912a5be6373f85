"""The vocabulary of what is sent."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class Kind(Choices):
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
    ENQUIRY_ANSWER = "enquiry_answer", _("answer to a message of the public")
    NOT_MINE = "not_mine", _("word to the office: not asked for")
    STAFF_INVITED = "staff_invited", _("invitation of a colleague")
    STAFF_PASSWORD = "staff_password", _("link for a new password of a colleague")
    ACCOUNT_OWNER = "account_owner", _("change of a colleague's account")
    ACCOUNT_SECOND = (
        "account_second",
        _("change of a colleague's account, to a supervisor"),
    )
    ADDRESS_CHANGED = "address_changed", _("word to the address before")
    ADDRESS_OBJECTED = (
        "address_objected",
        _("word to the office: address not changed by the person"),
    )
    JOURNAL_HEAD = "journal_head", _("seal of the journal")


class Channel(Choices):
    MAIL = "mail", _("mail")
    SMS = "sms", _("text message")


class Part(Choices):
    """A process that has to be there for messages to leave (EXPECTED_PARTS)."""

    WORKER = "worker", "Celery worker"
    BEAT = "beat", "Celery beat"
    DELIVER = "deliver", "delivery loop"


class DeliveryState(Choices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    DROPPED = "dropped", _("no longer needed")
    UNKNOWN = "unknown", _("unknown")


#: What a delivery may become. A mail that was taken may come back as undeliverable; of
#: an unknown one a clerk says whether it arrived; a dropped one waits again when what
#: it tells of goes on after all.
DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.WAITING: frozenset(
        {
            DeliveryState.SENT,
            DeliveryState.REFUSED,
            DeliveryState.DROPPED,
            DeliveryState.UNKNOWN,
        }
    ),
    DeliveryState.SENT: frozenset({DeliveryState.REFUSED}),
    DeliveryState.UNKNOWN: frozenset(
        {DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.REFUSED}
    ),
    DeliveryState.DROPPED: frozenset({DeliveryState.WAITING}),
    DeliveryState.REFUSED: frozenset(),
}
