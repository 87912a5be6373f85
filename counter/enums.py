"""The vocabulary of the counter: the words the database holds and screens show."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CLERK = "clerk", _("clerk")
    SUPERVISOR = "supervisor", _("supervisor")


class StaffLanguage(TextChoices):
    NL = "nl", "Nederlands"
    EN = "en", "English"


class Language(TextChoices):
    """The translation under the Dutch text, chosen for one application.

    Never a person's permanent profile (DOMAIN.md, section 5).
    """

    NL = "nl", _("Dutch only")
    FR = "fr", _("Dutch and French")
    DE = "de", _("Dutch and German")
    EN = "en", _("Dutch and English")


class Reason(TextChoices):
    """Why this person cannot make a key online, free of charge."""

    NO_OTHER_KEY = "no_other_key", _("no eID, card reader or itsme")
    LEAVING = "leaving", _("leaves Belgium for good")


class DossierState(TextChoices):
    RECORDED = "recorded", _("recorded")
    PAID = "paid", _("paid")
    CODE_ISSUED = "code_issued", _("code issued")
    ACTIVATED = "activated", _("activated")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("lapsed")
    REDIRECTED = "redirected", _("redirected to the free route")


OPEN_STATES = (
    DossierState.RECORDED,
    DossierState.PAID,
    DossierState.CODE_ISSUED,
)

ALLOWED_MOVES: dict[DossierState, frozenset[DossierState]] = {
    DossierState.RECORDED: frozenset(
        {DossierState.PAID, DossierState.CANCELLED, DossierState.REDIRECTED}
    ),
    DossierState.PAID: frozenset({DossierState.CODE_ISSUED, DossierState.CANCELLED}),
    DossierState.CODE_ISSUED: frozenset(
        {DossierState.ACTIVATED, DossierState.LAPSED, DossierState.CANCELLED}
    ),
    DossierState.ACTIVATED: frozenset(),
    DossierState.CANCELLED: frozenset(),
    DossierState.LAPSED: frozenset(),
    DossierState.REDIRECTED: frozenset(),
}


class Outcome(TextChoices):
    """How a visit ended that made no dossier."""

    REDIRECTED = "redirected", _("redirected to the free route")
    REFUSED = "refused", _("refused")


class RedirectReason(TextChoices):
    """Which free route this person can take. The value is in the journal."""

    EID = "has an eID and a reader", _("has an eID and a reader")
    ITSME = "has itsme", _("has itsme")
    EU_EID = "has an eID of an EU country", _("has an eID of an EU country")


class RefusalReason(TextChoices):
    """Why a person was refused. The value is in the journal; nothing else is."""

    NO_DOCUMENT = "no original document", _("no original document")
    EXPIRED = "document no longer valid", _("document no longer valid")
    NOT_THE_PERSON = (
        "not the person on the document",
        _("not the person on the document"),
    )
    NO_NUMBER = "no national number", _("no national number")
    NO_EMAIL = "no private e-mail address", _("no private e-mail address")
    TOO_YOUNG = "under the minimum age", _("under the minimum age")
    NOT_PAID = "did not pay", _("did not pay")
    OTHER = "other reason", _("other reason")


class EnquiryKind(TextChoices):
    QUESTION = "question", _("question")
    REPORT = "report", _("report about a page")


class TextSlot(TextChoices):
    """The places of the information page whose text the supervisor writes."""

    INTRO = "intro", _("introduction")
    KEYS = "keys", _("which keys exist")
    WHICH = "which", _("which key is for me")
    FOR_WHOM = "for_whom", _("for whom the activation code is")
    BRING = "bring", _("what to bring")
    STEPS = "steps", _("the three steps")
    PAYING = "paying", _("how to pay")
    DIRECTIONS = "directions", _("how to get there")
    CONTACT = "contact", _("contact")


class RevealReason(TextChoices):
    """Why a clerk looks at a whole national number. The value is in the journal."""

    COMPARE = "compare with the document", _("compare with the document")
    QUESTION = "question of the person", _("question of the person")
    HELPDESK = "question of the help line", _("question of the help line")
    CORRECTION = "correction of a mistake", _("correction of a mistake")


class CancelReason(TextChoices):
    """Why a dossier ends without a code. The value is in the journal."""

    LEFT = "the person left", _("the person left")
    NO_MONEY = "the person does not pay", _("the person does not pay")
    MISTAKE = "recorded by mistake", _("recorded by mistake")
    ONLINE = "the person does it online", _("the person does it online")
    MONEY_BACK = "the payment was given back", _("the payment was given back")


#: What a clerk chooses from before payment; the last one comes from a reversal.
CLERKS_CANCEL_REASONS = tuple(
    choice for choice in CancelReason.choices if choice[0] != CancelReason.MONEY_BACK
)


class ActorKind(TextChoices):
    CLERK = "clerk", _("clerk")
    APPLICANT = "applicant", _("applicant")
    SYSTEM = "system", _("system")


class Event(TextChoices):
    """Everything the journal can say.

    The label is the sentence; its placeholders are the only details an entry may
    carry (counter.journal). `{actor}` is who did it.
    """

    SIGNED_IN = "signed_in", _("{actor} signed in.")
    SIGN_IN_FAILED = "sign_in_failed", _("A sign-in failed.")
    DOSSIER_RECORDED = "dossier_recorded", _("{actor} recorded the applicant.")
    DOSSIER_OPENED = "dossier_opened", _("{actor} opened the dossier.")
    MISMATCH_ACCEPTED = (
        "mismatch_accepted",
        _("{actor} looked at the document again and kept it: {what}."),
    )
    NUMBER_LOOKED_UP = "number_looked_up", _("{actor} searched by national number.")
    NUMBER_REVEALED = (
        "number_revealed",
        _("{actor} revealed the national number: {reason}."),
    )
    PAYMENT_TAKEN = "payment_taken", _("{actor} took {amount} by {method}.")
    CODE_ISSUED = "code_issued", _("{actor} issued the activation code.")
    SLIP_PRINTED = "slip_printed", _("{actor} opened the slip.")
    CODE_LOCKED = "code_locked", _("The code was locked after {attempts} attempts.")
    CODE_ACCEPTED = "code_accepted", _("The applicant typed the right code.")
    CODE_LAPSED = "code_lapsed", _("The code lapsed unused.")
    ONE_TIME_CODE_SENT = (
        "one_time_code_sent",
        _("The applicant asked for a one-time code by {channel}."),
    )
    KEY_ACTIVATED = "key_activated", _("The applicant activated a key: {kind}.")
    KEY_EXPIRED = "key_expired", _("The key {kind} expired.")
    DOSSIER_CANCELLED = (
        "dossier_cancelled",
        _("{actor} cancelled the dossier: {reason}."),
    )
    DOSSIER_REDIRECTED = (
        "dossier_redirected",
        _("{actor} pointed the person to the free route."),
    )
    PERSON_REDIRECTED = (
        "person_redirected",
        _("{actor} pointed a person to the free route: {reason}."),
    )
    PERSON_REFUSED = "person_refused", _("{actor} refused a person: {reason}.")
    LINK_RESENT = "link_resent", _("{actor} had the mail sent again.")
    EMAIL_CORRECTED = "email_corrected", _("{actor} corrected the e-mail address.")
    CODE_REISSUED = "code_reissued", _("{actor} issued a new code: {reason}.")
    CODE_REVOKED = "code_revoked", _("{actor} revoked the code.")
    DOSSIER_FROZEN = (
        "dossier_frozen",
        _("The applicant did not ask for this: the code was locked."),
    )
    SCREEN_UNLOCKED = "screen_unlocked", _("{actor} unlocked the screen.")
    DRAWER_OPENED = "drawer_opened", _("{actor} opened a drawer with {amount}.")
    DRAWER_DEPOSIT = (
        "drawer_deposit",
        _("{actor} brought {amount} from the drawer to the safe."),
    )
    DRAWER_COUNTED = "drawer_counted", _("{actor} counted the drawer: {amount}.")
    DRAWER_CLOSED = (
        "drawer_closed",
        _("{actor} closed the drawer; the difference is {amount}."),
    )
    DRAWER_APPROVED = "drawer_approved", _("{actor} approved the drawer.")
    REVERSAL_ASKED = (
        "reversal_asked",
        _("{actor} asked to reverse {amount}: {reason}."),
    )
    REVERSAL_CONFIRMED = (
        "reversal_confirmed",
        _("{actor} confirmed the reversal of {amount}."),
    )
    REVERSAL_REFUSED = "reversal_refused", _("{actor} refused the reversal.")
    FEE_WAIVED = "fee_waived", _("{actor} waived the fee: {reason}.")
    RECEIPT_PRINTED = "receipt_printed", _("{actor} opened the receipt.")
    BATCH_EXPORTED = "batch_exported", _("{actor} exported batch {number}.")
    TERMINAL_COUNTED = (
        "terminal_counted",
        _("{actor} noted the day total of a terminal: {amount}."),
    )
    REFUND_PAID = (
        "refund_paid",
        _("{actor} noted that {amount} was paid back on {date}."),
    )
    HOLDER_SIGNED_IN = "holder_signed_in", _("The key holder signed in.")
    HOLDER_CHANGED = "holder_changed", _("The key holder changed: {what}.")
    KEY_REVOKED = "key_revoked", _("{actor} revoked a key: {kind}.")
    KEY_ADDED = "key_added", _("The key holder added a key: {kind}.")
    SECOND_FACTOR_SET_UP = (
        "second_factor_set_up",
        _("{actor} set up an app for signing in."),
    )
    SECOND_FACTOR_RESET = (
        "second_factor_reset",
        _("{actor} reset the app for signing in of {who}."),
    )
    MAIL_SENT = "mail_sent", _("A message was handed over: {kind}.")
    MAIL_REFUSED = "mail_refused", _("A message was refused: {kind}.")
