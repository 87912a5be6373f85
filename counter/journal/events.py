"""Every event of the journal, with its sentence."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class Event(Choices):
    """Every event that the journal can record.

    The label is the event's sentence. Its placeholders are the only details that an
    entry may have (counter.journal.entry_details). `{actor}` is who did it.
    """

    SIGNED_IN = "signed_in", _("{actor} signed in.")
    SIGNED_IN_BY_CITY = (
        "signed_in_by_city",
        _("{actor} signed in by the city's sign-on."),
    )
    CITY_REFUSED = (
        "city_refused",
        _("The city's sign-on was used for {account} and refused: {why}"),
    )
    CITY_LINKED = "city_linked", _("{who} was linked with the city's sign-on.")
    CITY_UNLINKED = (
        "city_unlinked",
        _("{actor} broke the link of {who} with the city's sign-on."),
    )
    DESK_CHOSEN = "desk_chosen", _("{actor} works at {desk}.")
    SIGN_IN_FAILED = (
        "sign_in_failed",
        _("A sign-in failed for {account}, {form}: wrong {secret}."),
    )
    SIGN_INS_FAILED = (
        "sign_ins_failed",
        _(
            "Sign-ins failed for {account} in the hour from {hour}, {form}, wrong "
            "{secret}: {count}, from network {network}."
        ),
    )
    DOSSIER_RECORDED = "dossier_recorded", _("{actor} recorded the applicant.")
    DOSSIER_OPENED = "dossier_opened", _("{actor} opened the dossier.")
    PERSON_OPENED = "person_opened", _("{actor} looked at {subject}.")
    PEOPLE_LISTED = (
        "people_listed",
        _("{actor} opened a list of people: {model}, {count} shown."),
    )
    ENQUIRY_HANDLED = "enquiry_handled", _("{actor} marked {subject} done: {reason}.")
    ENQUIRY_GIVEN = "enquiry_given", _("{actor} gave {subject} to {who}.")
    ENQUIRY_ANSWERED = "enquiry_answered", _("{actor} answered {subject} by mail.")
    ROW_ADDED = "row_added", _("{actor} added {row}: {changes}.")
    ROW_CHANGED = "row_changed", _("{actor} changed {row}: {changes}.")
    ROW_REMOVED = "row_removed", _("{actor} removed {row}: {changes}.")
    MISMATCH_ACCEPTED = (
        "mismatch_accepted",
        _("{actor} looked at the document again and kept it: {doubt}."),
    )
    DOCUMENT_SEEN = "document_seen", _("{actor} checked the identity document.")
    NO_FAMILY = (
        "no_family",
        _("{actor} has the same family name and said: no family."),
    )
    FAMILY_WITH_COLLEAGUE = (
        "family_with_colleague",
        _("{actor} serves family, with {who} at the screen."),
    )
    OTHER_NAME_APPROVED = (
        "other_name_approved",
        _("{actor} recorded a number that is known under another name; {who} agreed."),
    )
    NUMBER_LOOKED_UP = "number_looked_up", _("{actor} searched by national number.")
    NUMBER_SEARCHED = (
        "number_searched",
        _("{actor} searched by national number: {reason}."),
    )
    ACT_REASON = "act_reason", _("{actor} did so as supervisor: {reason}.")
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
    PERSON_REDIRECTED = (
        "person_redirected",
        _("{actor} pointed a person to the free route: {reason}."),
    )
    PERSON_REFUSED = "person_refused", _("{actor} refused a person: {reason}.")
    LINK_RESENT = "link_resent", _("{actor} had the mail sent again.")
    EMAIL_CORRECTED = "email_corrected", _("{actor} corrected the e-mail address.")
    CORRECTED = "corrected", _("{actor} corrected: {field}.")
    NUMBER_APPROVED = (
        "number_approved",
        _("{actor} agreed to another national number."),
    )
    LATE_CORRECTION_APPROVED = (
        "late_correction_approved",
        _("{actor} agreed to a correction or a new code after the visit."),
    )
    ADDRESS_OBJECTED = (
        "address_objected",
        _("The address before did not ask for the change: no code is given."),
    )
    ADDRESS_SETTLED = (
        "address_settled",
        _("{actor} looked at what the address before said: {outcome}."),
    )
    CODE_REISSUED = "code_reissued", _("{actor} issued a new code: {reason}.")
    CODE_REVOKED = "code_revoked", _("{actor} revoked the code.")
    DOSSIER_FROZEN = (
        "dossier_frozen",
        _("The applicant did not ask for this: the code was frozen."),
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
    DRAWER_RECOUNTED = (
        "drawer_recounted",
        _("{actor} counted the drawer again, count {nth}: {amount}."),
    )
    DRAWER_RECOUNT_ASKED = (
        "drawer_recount_asked",
        _("{actor} asked {who} to count the drawer again."),
    )
    DRAWER_COUNTED_FOR = (
        "drawer_counted_for",
        _("{actor} and {colleague} counted the drawer of {who}: {amount}."),
    )
    DRAWER_CLOSED_FOR = (
        "drawer_closed_for",
        _(
            "{actor} and {colleague} closed the drawer of {who}; the difference is "
            "{amount}."
        ),
    )
    DRAWER_APPROVED = "drawer_approved", _("{actor} approved the drawer.")
    REVERSAL_ASKED = (
        "reversal_asked",
        _("{actor} asked to reverse {amount}: {reason}."),
    )
    REVERSAL_CONFIRMED = (
        "reversal_confirmed",
        _("{actor} agreed to give {amount} back."),
    )
    REVERSAL_WITHDRAWN = (
        "reversal_withdrawn",
        _("{actor} withdrew the request for a reversal."),
    )
    REFUND_GIVEN = "refund_given", _("{actor} gave {amount} back: {refund_method}.")
    REFUND_LEFT_TO_BANK = (
        "refund_left_to_bank",
        _("{actor} left it to the finance service to pay {amount} back."),
    )
    REVERSAL_REFUSED = "reversal_refused", _("{actor} refused the reversal.")
    METHOD_CORRECTED = (
        "method_corrected",
        _("{actor} corrected how it was paid: {method} instead of {before}."),
    )
    FEE_WAIVED = "fee_waived", _("{actor} waived the fee: {reason}.")
    RECEIPT_PRINTED = "receipt_printed", _("{actor} printed receipt {receipt}.")
    RECEIPT_PRINTED_AGAIN = (
        "receipt_printed_again",
        _("{actor} printed a duplicate of receipt {receipt}."),
    )
    BATCH_EXPORTED = "batch_exported", _("{actor} exported batch {number}.")
    BATCH_FETCHED = (
        "batch_fetched",
        _("{actor} fetched the file of batch {number}."),
    )
    TAKINGS_EXPORTED = (
        "takings_exported",
        _("{actor} exported the takings from {first} to {last}."),
    )
    TERMINAL_COUNTED = (
        "terminal_counted",
        _("{actor} noted the day total of {terminal} on {date}: {amount}."),
    )
    TERMINAL_COUNTED_ANEW = (
        "terminal_counted_anew",
        _(
            "{actor} changed the day total of {terminal} on {date} from "
            "{amount_before} to {amount}."
        ),
    )
    REFUND_PAID = (
        "refund_paid",
        _("{actor} noted that {amount} was paid back on {date}."),
    )
    HOLDER_SIGNED_IN = "holder_signed_in", _("The key holder signed in.")
    HOLDER_CHANGED = "holder_changed", _("The key holder changed: {act}.")
    KEY_REVOKED = "key_revoked", _("{actor} revoked a key: {kind}.")
    KEY_ADDED = (
        "key_added",
        _("The key holder added a key: {kind}, valid until {date}."),
    )
    SECOND_FACTOR_SET_UP = (
        "second_factor_set_up",
        _("{actor} set up an app for signing in."),
    )
    SECOND_FACTOR_RESET = (
        "second_factor_reset",
        _("{actor} reset the app for signing in of {who}."),
    )
    SECOND_FACTOR_RESET_WITH = (
        "second_factor_reset_with",
        _("{actor} reset the app for signing in of {who}; {colleague} agreed."),
    )
    SESSION_ENDED = "session_ended", _("{actor} ended the session of {who}.")
    INVITATION_WITHDRAWN = (
        "invitation_withdrawn",
        _("{actor} withdrew the invitation of {who}."),
    )
    PASSKEY_ADDED = "passkey_added", _("{actor} added a passkey: {passkey}.")
    PASSKEY_REMOVED = "passkey_removed", _("{actor} removed a passkey: {passkey}.")
    ACCOUNT_INVITED = (
        "account_invited",
        _("{actor} made an account for {who} and had an invitation sent."),
    )
    PASSWORD_LINK_ASKED = (
        "password_link_asked",
        _("{actor} had a link for a new password sent to {who}."),
    )
    PASSWORD_CHOSEN = (
        "password_chosen",
        _("{actor} chose a password by a mailed link."),
    )
    MAIL_SENT = "mail_sent", _("A message was handed over: {kind}.")
    MAIL_REFUSED = "mail_refused", _("A message was refused: {kind}.")
    MAIL_UNKNOWN = (
        "mail_unknown",
        _("Nobody knows whether a message arrived: {kind}."),
    )
    MAIL_GIVEN_UP = (
        "mail_given_up",
        _("A message was given up after a day of tries: {kind}."),
    )
    MAIL_ARRIVED = (
        "mail_arrived",
        _("{actor} noted that a message arrived: {kind}."),
    )
    MAIL_SENT_AGAIN = (
        "mail_sent_again",
        _("{actor} had a message sent again: {kind}."),
    )
    RETENTION_APPLIED = (
        "retention_applied",
        _("Retention dealt with {count} of: {rule}."),
    )
    RETENTION_FAILED = (
        "retention_failed",
        _("Retention could not deal with: {rule}. The other rules were applied."),
    )
    DOSSIER_ANONYMISED = (
        "dossier_anonymised",
        _("What this dossier said of the person was removed: its time was over."),
    )
    PERSON_ANONYMISED = (
        "person_anonymised",
        _("What says who {subject} was is removed: the time was over."),
    )
    HOLD_SET = "hold_set", _("{actor} set a hold until {date}: {reason}.")
    HOLD_LIFTED = "hold_lifted", _("{actor} lifted the hold: {reason}.")
    DATA_EXPORTED = (
        "data_exported",
        _("{actor} put all data of {subject} together: {reason}."),
    )
    DATA_ERASED = (
        "data_erased",
        _("{actor} removed what may be removed of {subject}: {reason}."),
    )


#: One failure in a session, and the failures of one hour on the sign-in page.
FAILED_SIGN_INS = (Event.SIGN_IN_FAILED.value, Event.SIGN_INS_FAILED.value)
