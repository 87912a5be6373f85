"""Kinds, lanes and states of messages, and what can be wrong with sending them."""

from typing import assert_never

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices, NumberedChoices


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


class Lane(NumberedChoices):
    """How long a message can wait; a lower number leaves first."""

    URGENT = 1, _("urgent: a one-time code")
    DESK = 2, _("of the desk: a link, a confirmation")
    BULK = 3, _("in bulk: a reminder")


def lane_of(kind: Kind) -> Lane:
    """The lane of a kind; no other place decides it."""
    match kind:
        # The person is looking at a page that asks for the digits.
        case Kind.ONE_TIME_CODE:
            return Lane.URGENT
        case (
            Kind.ACTIVATION_LINK
            | Kind.LINK_AGAIN
            | Kind.KEY_ACTIVATED
            | Kind.HOLDER_CHANGED
            | Kind.ENQUIRY
            | Kind.ENQUIRY_ANSWER
            | Kind.NOT_MINE
            | Kind.STAFF_INVITED
            | Kind.STAFF_PASSWORD
            | Kind.ACCOUNT_OWNER
            | Kind.ACCOUNT_SECOND
            | Kind.ADDRESS_CHANGED
            | Kind.ADDRESS_OBJECTED
        ):
            return Lane.DESK
        # Thousands may be due in a morning, and each may leave at any time of the day.
        case (
            Kind.REMINDER_WEEK
            | Kind.REMINDER_LAST
            | Kind.KEY_EXPIRES_90
            | Kind.KEY_EXPIRES_30
            | Kind.JOURNAL_HEAD
        ):
            return Lane.BULK
        case _:
            assert_never(kind)


class Channel(Choices):
    MAIL = "mail", _("mail")
    SMS = "sms", _("text message")


class Part(Choices):
    """A background process without which messages are not sent (EXPECTED_PARTS)."""

    WORKER = "worker", "Celery worker"
    BEAT = "beat", "Celery beat"
    DELIVER = "deliver", _("delivery loop")


class Trouble(Choices):
    """What can be wrong with the system; the most serious comes first."""

    DATABASE = "database", _("The database does not answer")
    MIGRATIONS = "migrations", _("The tables are older than the program")
    NO_SENDER = "no_sender", _("No process sends messages")
    STUCK = "stuck", _("No message leaves")
    RESTING = "resting", _("A server for messages fails")
    UNSENT = "unsent", _("Messages wait for too long")
    NOTHING_RAN = "nothing_ran", _("No scheduled task has run")
    KEYS = "keys", _("A process was started without a key")
    SEAL_BROKEN = "seal_broken", _("The journal does not fit its seals")
    SEAL_LATE = "seal_late", _("The journal is not sealed")
    BACKUP_OLD = "backup_old", _("There is no recent backup")
    DISK = "disk", _("A disk is almost full")
    DISK_UNREAD = "disk_unread", _("A directory cannot be read")
    CERTIFICATE = "certificate", _("The certificate of the site is about to end")
    CERTIFICATE_UNREAD = "certificate_unread", _("The certificate cannot be read")
    PART = "part", _("A process is silent")
    TASK_FAILS = "task_fails", _("A task fails")
    TASK_LATE = "task_late", _("A task has not run")


class DeliveryState(Choices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    DROPPED = "dropped", _("no longer needed")
    UNKNOWN = "unknown", _("unknown")
    DEAD = "dead", _("given up")


class Skipped(Choices):
    """Why a message was dropped, when it was to be sent or before."""

    CODE_USED = "code_used", _("the code was used")
    CODE_REPLACED = "code_replaced", _("a newer code took its place")
    CODE_LAPSED = "code_lapsed", _("the code has lapsed")
    CODE_LOCKED = "code_locked", _("the code is locked")
    CODE_FROZEN = "code_frozen", _("the code was stopped")
    CODE_HELD = "code_held", _("the code is on hold")
    DIGITS_OVER = "digits_over", _("the six digits were used or have expired")
    KEY_ENDED = "key_ended", _("the key has ended")
    KEY_REPLACED = "key_replaced", _("another key took its place")
    HOLDER_GONE = "holder_gone", _("the account is there no more")
    DAY_PAST = "day_past", _("its days are past")
    NO_ADDRESS = "no_address", _("no address is kept any more")
    OVER = "over", _("what it tells of is over")


#: The states that may follow each state. A mail that was sent may bounce. A clerk says
#: whether a mail of unknown outcome arrived. A dropped message waits again if its
#: reason ends, such as the hold on a code. A message that was put off for a day is
#: given up (dead), until somebody has it sent again.
DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.WAITING: frozenset(
        {
            DeliveryState.SENT,
            DeliveryState.REFUSED,
            DeliveryState.DROPPED,
            DeliveryState.UNKNOWN,
            DeliveryState.DEAD,
        }
    ),
    DeliveryState.SENT: frozenset({DeliveryState.REFUSED}),
    DeliveryState.UNKNOWN: frozenset(
        {DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.REFUSED}
    ),
    DeliveryState.DROPPED: frozenset({DeliveryState.WAITING}),
    DeliveryState.REFUSED: frozenset(),
    DeliveryState.DEAD: frozenset(
        {DeliveryState.WAITING, DeliveryState.DROPPED, DeliveryState.REFUSED}
    ),
}
