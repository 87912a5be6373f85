"""Groups of events and short names of events, for the filters of the journal.

Each event belongs to one kind; a new event is added to `EVENTS`
(tests/documents/test_kinds_of_events.py).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices
from counter.journal.events import Event


class Kind(Choices):
    """The groups by which a reader can filter the journal."""

    LOOKS = "looks", _("looked at people")
    SEARCHES = "searches", _("searched for people")
    REVEALS = "reveals", _("showed a national number")
    EXPORTS = "exports", _("took data out")
    PRIVACY = "privacy", _("removed or held data")
    SETTINGS = "settings", _("changed settings")
    ACCOUNTS = "accounts", _("accounts and passwords")
    SIGN_INS = "sign_ins", _("signed in")
    FAILED_SIGN_INS = "failed_sign_ins", _("failed sign-ins")
    VISITS = "visits", _("visits at the counter")
    CORRECTIONS = "corrections", _("corrected dossiers")
    CODES = "codes", _("activation codes")
    KEYS = "keys", _("keys and their holders")
    MONEY = "money", _("payments and money back")
    DRAWERS = "drawers", _("drawers")
    MESSAGES = "messages", _("mails and messages")


EVENTS: Final[Mapping[Kind, tuple[Event, ...]]] = MappingProxyType(
    {
        Kind.LOOKS: (Event.DOSSIER_OPENED, Event.PERSON_OPENED, Event.PEOPLE_LISTED),
        Kind.SEARCHES: (Event.NUMBER_LOOKED_UP, Event.NUMBER_SEARCHED),
        Kind.REVEALS: (Event.NUMBER_REVEALED,),
        Kind.EXPORTS: (
            Event.BATCH_EXPORTED,
            Event.BATCH_FETCHED,
            Event.TAKINGS_EXPORTED,
            Event.DATA_EXPORTED,
        ),
        Kind.PRIVACY: (
            Event.RETENTION_APPLIED,
            Event.RETENTION_FAILED,
            Event.DOSSIER_ANONYMISED,
            Event.PERSON_ANONYMISED,
            Event.DATA_ERASED,
            Event.HOLD_SET,
            Event.HOLD_LIFTED,
        ),
        Kind.SETTINGS: (Event.ROW_ADDED, Event.ROW_CHANGED, Event.ROW_REMOVED),
        Kind.ACCOUNTS: (
            Event.ACCOUNT_INVITED,
            Event.PASSWORD_LINK_ASKED,
            Event.PASSWORD_CHOSEN,
            Event.SECOND_FACTOR_SET_UP,
            Event.SECOND_FACTOR_RESET,
            Event.SECOND_FACTOR_RESET_WITH,
            Event.SESSION_ENDED,
            Event.INVITATION_WITHDRAWN,
            Event.CITY_REFUSED,
            Event.CITY_LINKED,
            Event.CITY_UNLINKED,
            Event.PASSKEY_ADDED,
            Event.PASSKEY_REMOVED,
        ),
        Kind.SIGN_INS: (
            Event.SIGNED_IN,
            Event.SIGNED_IN_BY_CITY,
            Event.DESK_CHOSEN,
            Event.SCREEN_UNLOCKED,
        ),
        Kind.FAILED_SIGN_INS: (Event.SIGN_IN_FAILED, Event.SIGN_INS_FAILED),
        Kind.VISITS: (
            Event.DOSSIER_RECORDED,
            Event.MISMATCH_ACCEPTED,
            Event.DOCUMENT_SEEN,
            Event.NO_FAMILY,
            Event.FAMILY_WITH_COLLEAGUE,
            Event.OTHER_NAME_APPROVED,
            Event.DOSSIER_CANCELLED,
            Event.PERSON_REDIRECTED,
            Event.PERSON_REFUSED,
        ),
        Kind.CORRECTIONS: (
            Event.CORRECTED,
            Event.EMAIL_CORRECTED,
            Event.NUMBER_APPROVED,
            Event.LATE_CORRECTION_APPROVED,
            Event.ADDRESS_OBJECTED,
            Event.ADDRESS_SETTLED,
            Event.ACT_REASON,
        ),
        Kind.CODES: (
            Event.CODE_ISSUED,
            Event.SLIP_PRINTED,
            Event.LINK_RESENT,
            Event.CODE_REISSUED,
            Event.CODE_REVOKED,
            Event.CODE_LOCKED,
            Event.CODE_ACCEPTED,
            Event.CODE_LAPSED,
            Event.DOSSIER_FROZEN,
            Event.ONE_TIME_CODE_SENT,
        ),
        Kind.KEYS: (
            Event.KEY_ACTIVATED,
            Event.KEY_ADDED,
            Event.KEY_REVOKED,
            Event.KEY_EXPIRED,
            Event.HOLDER_SIGNED_IN,
            Event.HOLDER_CHANGED,
        ),
        Kind.MONEY: (
            Event.PAYMENT_TAKEN,
            Event.FEE_WAIVED,
            Event.METHOD_CORRECTED,
            Event.RECEIPT_PRINTED,
            Event.RECEIPT_PRINTED_AGAIN,
            Event.REVERSAL_ASKED,
            Event.REVERSAL_CONFIRMED,
            Event.REVERSAL_REFUSED,
            Event.REVERSAL_WITHDRAWN,
            Event.REFUND_GIVEN,
            Event.REFUND_LEFT_TO_BANK,
            Event.REFUND_PAID,
            Event.TERMINAL_COUNTED,
            Event.TERMINAL_COUNTED_ANEW,
        ),
        Kind.DRAWERS: (
            Event.DRAWER_OPENED,
            Event.DRAWER_DEPOSIT,
            Event.DRAWER_COUNTED,
            Event.DRAWER_RECOUNT_ASKED,
            Event.DRAWER_RECOUNTED,
            Event.DRAWER_COUNTED_FOR,
            Event.DRAWER_CLOSED,
            Event.DRAWER_CLOSED_FOR,
            Event.DRAWER_APPROVED,
        ),
        Kind.MESSAGES: (
            Event.MAIL_SENT,
            Event.MAIL_REFUSED,
            Event.MAIL_UNKNOWN,
            Event.MAIL_GIVEN_UP,
            Event.MAIL_ARRIVED,
            Event.MAIL_SENT_AGAIN,
            Event.ENQUIRY_GIVEN,
            Event.ENQUIRY_ANSWERED,
            Event.ENQUIRY_HANDLED,
        ),
    }
)

#: Events of two actors: without the first one their sentence makes no sense.
_BY_TWO: Final = frozenset({Event.DRAWER_COUNTED_FOR, Event.DRAWER_CLOSED_FOR})
#: Events whose short name would be that of another event without the reason.
_WITH_REASON: Final = frozenset({Event.NUMBER_SEARCHED})
_PLACE: Final = re.compile(r"\{\w+\}")


def kind_of(event: Event) -> Kind | None:
    """The event's kind; None when it is missing in `EVENTS`."""
    return next((kind for kind, events in EVENTS.items() if event in events), None)


def in_short(event: Event) -> str:
    """The event's sentence without actor and details, such as "Opened the dossier"."""
    sentence = str(event.label)
    if event not in _BY_TWO:
        sentence = sentence.removeprefix("{actor} ")
    words = str(capfirst(_PLACE.sub("…", sentence).rstrip(".")))
    return words if event in _WITH_REASON else words.removesuffix(": …")
