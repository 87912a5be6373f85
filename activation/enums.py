"""The states, kinds and purposes of codes and keys."""

from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices


class CodeState(Choices):
    LIVE = "live", _("live")
    LOCKED = "locked", _("locked")
    USED = "used", _("used")
    REPLACED = "replaced", _("replaced")
    LAPSED = "lapsed", _("lapsed")
    FROZEN = "frozen", _("frozen")
    #: Somebody asked to give the payment back, and that is not decided yet.
    HELD = "held", _("on hold")


#: The states that may follow each state of a code. A locked code becomes live again
#: when one of its five tries, which were sent at the same moment, was right. A code on
#: hold gets back its former state.
CODE_MOVES: dict[CodeState, frozenset[CodeState]] = {
    CodeState.LIVE: frozenset(
        {
            CodeState.LOCKED,
            CodeState.USED,
            CodeState.REPLACED,
            CodeState.LAPSED,
            CodeState.FROZEN,
            CodeState.HELD,
        }
    ),
    CodeState.LOCKED: frozenset(
        {CodeState.LIVE, CodeState.REPLACED, CodeState.LAPSED, CodeState.HELD}
    ),
    CodeState.FROZEN: frozenset({CodeState.REPLACED, CodeState.LAPSED, CodeState.HELD}),
    CodeState.HELD: frozenset(
        {
            CodeState.LIVE,
            CodeState.LOCKED,
            CodeState.FROZEN,
            CodeState.REPLACED,
            CodeState.LAPSED,
        }
    ),
    CodeState.USED: frozenset(),
    CodeState.REPLACED: frozenset(),
    CodeState.LAPSED: frozenset(),
}

#: The states in which a code lapses after two weeks.
ENDING_CODE_STATES = (
    CodeState.LIVE,
    CodeState.LOCKED,
    CodeState.FROZEN,
    CodeState.HELD,
)
#: States that a code never leaves.
SPENT_CODE_STATES = (CodeState.USED, CodeState.REPLACED, CodeState.LAPSED)


class KeyKind(Choices):
    APP = "app", _("mobile app")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")


class KeyState(Choices):
    PENDING = "pending", _("being set up")
    ACTIVE = "active", _("active")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")


ENDED_KEY_STATES = (KeyState.EXPIRED, KeyState.REVOKED)


#: The states that may follow each state of a key. An unconfirmed key is deleted.
KEY_MOVES: dict[KeyState, frozenset[KeyState]] = {
    KeyState.PENDING: frozenset({KeyState.ACTIVE}),
    KeyState.ACTIVE: frozenset({KeyState.EXPIRED, KeyState.REVOKED}),
    KeyState.EXPIRED: frozenset(),
    KeyState.REVOKED: frozenset(),
}


class OneTimeCodeState(Choices):
    LIVE = "live", _("live")
    USED = "used", _("used")
    REPLACED = "replaced", _("replaced")


class Purpose(Choices):
    """The purpose of a one-time code. It does not work for another purpose."""

    ACTIVATE = "activate", _("confirm a new key")
    SIGN_IN = "sign_in", _("sign in")
    CONFIRM = "confirm", _("confirm a change")
    EMAIL = "email", _("confirm an address")
    RECOVER = "recover", _("choose a new password")


class SignInResult(Choices):
    SIGNED_IN = "signed_in", _("signed in")
    WRONG_PASSWORD = "wrong_password", _("wrong password")
    WRONG_DIGITS = "wrong_digits", _("wrong digits")
    USED_DIGITS = "used_digits", _("digits that were used already")
    RECOVERED = "recovered", _("new password")
    RECOVERY_CODE = "recovery_code", _("signed in with a recovery code")
    WRONG_CODE = "wrong_code", _("wrong recovery code")
    CODE_USED = "code_used", _("recovery code used")
    KEY_SHOWN = "key_shown", _("key shown")
    ACTIVATED = "activated", _("key activated")


class SignInFor(Choices):
    """What somebody used a password, a key or a code for."""

    SIGN_IN = "sign_in", _("signing in")
    ACTIVATE = "activate", _("activating a key with the code from the counter")
    ADD_KEY = "add_key", _("adding a key")
    REPLACE_KEY = "replace_key", _("replacing a key")
    REVOKE_KEY = "revoke_key", _("revoking a key")
    EMAIL = "email", _("changing the e-mail address")
    CODES = "codes", _("making recovery codes")
    RECOVER = "recover", _("choosing a new password")


class Change(Choices):
    KEY_ADDED = "key_added", _("a key was added")
    KEY_REVOKED = "key_revoked", _("a key was revoked")
    KEY_REPLACED = "key_replaced", _("a key was replaced")
    KEY_RENAMED = "key_renamed", _("a key got another name")
    PASSWORD = "password", _("the password was changed")
    EMAIL = "email", _("the contact address was changed")
    OLD_EMAIL = "old_email", _("the contact address was another one")
    LANGUAGE = "language", _("the language of e-mails was changed")
    CODES_MADE = "codes_made", _("ten recovery codes were made")
    CODE_USED = "code_used", _("a recovery code was used")
    NEW_DEVICE = "new_device", _("a sign-in from a new device")


class Settled(Choices):
    """The outcome of an objection by a dossier's old mail address."""

    PUT_RIGHT = "put_right", _("the address was put right")
    ASKED_FOR = "asked_for", _("the person asked for the change")
    NOBODY_ASKED = (
        "nobody_asked",
        _("nobody asked for the change, and nothing made by it works any more"),
    )


class ReissueReason(Choices):
    """Why a code is replaced by a new one."""

    SHEET_LOST = "sheet_lost", _("sheet lost")
    CODE_LOCKED = "code_locked", _("code locked")
    NOT_PRINTED = "not_printed", _("slip not printed")
    CODE_STOPPED = "code_stopped", _("code stopped")
