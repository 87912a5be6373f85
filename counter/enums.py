"""The states, reasons and kinds of the counter, with their labels."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices, NumberedChoices


class Role(Choices):
    """The role of a member of staff; counter.roles says what it allows."""

    CLERK = "clerk", _("clerk")
    SUPERVISOR = "supervisor", _("supervisor")
    FINANCE = "finance", _("finance")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


#: Roles whose accounts may have no office; then they see all offices.
ABOVE_OFFICES = frozenset({Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR})


class StaffLanguage(Choices):
    NL = "nl", "Nederlands"
    EN = "en", "English"


class Language(Choices):
    """The translation under the Dutch text of slip and mails, chosen for one dossier.

    It is never stored for the person (docs/domain.md#language-of-what-is-sent).
    """

    NL = "nl", _("Dutch only")
    FR = "fr", _("Dutch and French")
    DE = "de", _("Dutch and German")
    EN = "en", _("Dutch and English")


class Weekday(NumberedChoices):
    """The numbers are those of Python's `date.weekday()`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class PageLanguage(Choices):
    """The languages of the public pages."""

    NL = "nl", _("Dutch")
    FR = "fr", _("French")
    DE = "de", _("German")
    EN = "en", _("English")


class Reason(Choices):
    """Why this person cannot make a key online, free of charge."""

    NO_OTHER_KEY = "no_other_key", _("no eID, card reader or itsme")
    LEAVING = "leaving", _("leaves Belgium for good")


class DossierState(Choices):
    RECORDED = "recorded", _("recorded")
    PAID = "paid", _("paid")
    CODE_ISSUED = "code_issued", _("code issued")
    ACTIVATED = "activated", _("activated")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("lapsed")


OPEN_STATES = (DossierState.RECORDED, DossierState.PAID, DossierState.CODE_ISSUED)

#: States with a code issued and not cancelled: the names are confirmed by a document.
CONFIRMED_STATES = (
    DossierState.CODE_ISSUED,
    DossierState.ACTIVATED,
    DossierState.LAPSED,
)

#: States of dossiers that ended without a key.
WITHOUT_KEY = (DossierState.CANCELLED, DossierState.LAPSED)

ALLOWED_MOVES: dict[DossierState, frozenset[DossierState]] = {
    DossierState.RECORDED: frozenset({DossierState.PAID, DossierState.CANCELLED}),
    DossierState.PAID: frozenset({DossierState.CODE_ISSUED, DossierState.CANCELLED}),
    DossierState.CODE_ISSUED: frozenset(
        {DossierState.ACTIVATED, DossierState.LAPSED, DossierState.CANCELLED}
    ),
    DossierState.ACTIVATED: frozenset(),
    DossierState.CANCELLED: frozenset(),
    DossierState.LAPSED: frozenset(),
}


class Outcome(Choices):
    """How a visit without a dossier ended."""

    REDIRECTED = "redirected", _("redirected to the free route")
    REFUSED = "refused", _("refused")


class RedirectReason(Choices):
    """Which free route this person can take."""

    EID = "eid", _("has an eID and a reader")
    ITSME = "itsme", _("has itsme")
    EU_EID = "eu_eid", _("has an eID of an EU country")


class RefusalReason(Choices):
    """Why a person was refused; nothing else about that person is stored."""

    NO_DOCUMENT = "no_document", _("no original document")
    EXPIRED = "expired", _("document no longer valid")
    NOT_THE_PERSON = "not_the_person", _("not the person on the document")
    NO_NUMBER = "no_number", _("no national number")
    NO_EMAIL = "no_email", _("no private e-mail address")
    TOO_YOUNG = "too_young", _("under the minimum age")
    NOT_PAID = "not_paid", _("did not pay")
    OTHER = "other", _("other reason")


class EnquiryState(Choices):
    """The state of a message from the public, computed from its row and the time."""

    NEW = "new", _("new")
    TAKEN = "taken", _("in hand")
    LATE = "late", _("too late")
    ANSWERED = "answered", _("answered")
    HANDLED = "handled", _("handled without an answer")


class EnquiryKind(Choices):
    QUESTION = "question", _("question")
    REPORT = "report", _("report about a page")


class TextSlot(Choices):
    """The places on public pages for which a supervisor may write the text."""

    INTRO = "intro", _("introduction")
    KEYS = "keys", _("which keys exist")
    WHICH = "which", _("which key is for me")
    FOR_WHOM = "for_whom", _("for whom the activation code is")
    BRING = "bring", _("what to bring")
    STEPS = "steps", _("the three steps")
    PAYING = "paying", _("how to pay")
    DIRECTIONS = "directions", _("how to get there")
    CONTACT = "contact", _("contact")
    PRIVACY = "privacy", _("more about data, on the page about data")
    STATEMENT = "statement", _("statement about accessibility")
    USES = "uses", _("where the key can be used, on the page after activation")
    NO_USES = "no_uses", _("where the key cannot be used, on the page after activation")


class RevealReason(Choices):
    """Why a clerk looks at a full national number."""

    COMPARE = "compare", _("compare with the document")
    QUESTION = "question", _("question of the person")
    HELPDESK = "helpdesk", _("question of the help line")
    CORRECTION = "correction", _("correction of a mistake")


class ActReason(Choices):
    """Why a supervisor does an act on a dossier from the admin."""

    AT_THE_COUNTER = "counter", _("the person asked at the counter")
    FROM_AFAR = "afar", _("the person asked by phone or mail")
    MISTAKE = "mistake", _("mistake of the office")
    ABUSE = "abuse", _("abuse suspected")
    ORDER = "order", _("ordered by a court or the police")


class CancelReason(Choices):
    """Why a dossier ends without a code."""

    LEFT = "left", _("the person left")
    NO_MONEY = "no_money", _("the person does not pay")
    MISTAKE = "mistake", _("recorded by mistake")
    ONLINE = "online", _("the person does it online")
    MONEY_BACK = "money_back", _("the payment was given back")


#: The reasons a clerk may choose; MONEY_BACK is set by a reversal only.
CLERKS_CANCEL_REASONS = tuple(
    choice for choice in CancelReason.choices if choice[0] != CancelReason.MONEY_BACK
)


class DoubtKind(Choices):
    """What a doubt is about; the journal records the kinds that were accepted."""

    BIRTH_DATE = "birth_date", _("birth date")
    NO_BIRTH_DATE = "no_birth_date", _("no whole birth date")
    SEX = "sex", _("sex")
    NUMBER = "number", _("document number")
    EMAIL = "email", _("work or study address")
    EMAIL_SLIP = "email_slip", _("unusual address")
    EMAIL_SHARED = "email_shared", _("address of somebody else")
    MINOR = "minor", _("young age")
    ANNEX = "annex", _("annex as proof")
    NAME = "name", _("name that is known otherwise")
    OTHER_NAME = "other_name", _("number known under another name")
    KNOWN_BIRTH_DATE = "known_birth_date", _("birth date that is known otherwise")
    TENDERED = "tendered", _("large amount")
    SUPERVISOR = "supervisor", _("approval of a supervisor")


class CorrectedField(Choices):
    """What a correction changed in a dossier, by the name of its field."""

    LAST_NAME = "last_name", _("last name")
    FIRST_NAMES = "first_names", _("first names")
    BIRTH_DATE = "birth_date", _("birth date")
    DOCUMENT_TYPE = "document_type", _("document")
    DOCUMENT_NUMBER = "document_number", _("document number")
    DOCUMENT_COUNTRY = "document_country", _("issuing country")
    DOCUMENT_EXPIRY = "document_expiry", _("valid until")
    LANGUAGE = "language", _("translation")
    REASON = "reason", _("reason")
    NATIONAL_NUMBER = "national_number", _("national number")


class AccountAct(Choices):
    """A recorded change of an account (counter.staff.account_changes)."""

    MADE = "made", _("account made")
    RESET_ASKED = "reset_asked", _("link for a new password sent")
    PASSWORD = "password", _("password chosen by a mailed link")
    EMAIL = "email", _("e-mail address changed")
    APP_RESET = "app_reset", _("app for signing in reset")
    APP_SET_UP = "app_set_up", _("app for signing in set up")
    PASSKEY_ADDED = "passkey_added", _("passkey added")
    PASSKEY_REMOVED = "passkey_removed", _("passkey removed")
    CITY_LINKED = "city_linked", _("linked with the city's sign-on")
    CITY_UNLINKED = "city_unlinked", _("link with the city's sign-on broken")
    SWITCHED_ON = "switched_on", _("account switched on")
    SWITCHED_OFF = "switched_off", _("account switched off")
    ROLE = "role", _("role changed")
    OFFICE = "office", _("moved to another office")


#: Acts after which nobody else can sign in: choosing the password is an act of its own.
HARMLESS_ACTS = frozenset(
    {
        AccountAct.RESET_ASKED,
        AccountAct.SWITCHED_OFF,
        AccountAct.ROLE,
        AccountAct.OFFICE,
        AccountAct.CITY_UNLINKED,
    }
)


class StaffSecret(Choices):
    """How staff authenticate (counter.sign_in.secrets.check_secret)."""

    PASSWORD = "password", _("password")
    DIGITS = "digits", _("digits of the app")
    PASSKEY = "passkey", _("passkey")
    CITY = "city", _("answer of the city's sign-on")


class SecretForm(Choices):
    """Where a secret of staff is typed; the label is part of a journal sentence."""

    SIGN_IN = "sign_in", _("at the sign-in page")
    SET_UP_APP = "set_up_app", _("while setting up the app")
    LOCK = "lock", _("at the locked screen")
    PRESENCE = "presence", _("in a form, after a pause")
    SUPERVISOR = "supervisor", _("where a supervisor agrees")
    COLLEAGUE = "colleague", _("where a colleague agrees")
    OWN_PASSWORD = "own_password", _("while changing the own password")
    RESET_APP = "reset_app", _("where a second supervisor agrees to reset an app")
    PASSKEYS = "passkeys", _("while changing the own passkeys")


class ActorKind(Choices):
    CLERK = "clerk", _("clerk")
    APPLICANT = "applicant", _("applicant")
    SYSTEM = "system", _("system")


class RunOutcome(Choices):
    """How a run of a task ended. LOST is never stored (see `TaskRun.outcome_at`)."""

    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    LOST = "lost", _("broken off")
