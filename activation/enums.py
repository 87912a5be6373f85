"""The vocabulary of codes and keys."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CodeState(TextChoices):
    LIVE = "live", _("live")
    LOCKED = "locked", _("locked")
    USED = "used", _("used")
    REPLACED = "replaced", _("replaced")
    LAPSED = "lapsed", _("lapsed")
    FROZEN = "frozen", _("frozen")


#: Not used and not replaced, so that the two weeks end it.
ENDING_CODE_STATES = (CodeState.LIVE, CodeState.LOCKED, CodeState.FROZEN)


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


class Purpose(TextChoices):
    """What six digits are good for; digits for one are none for another."""

    ACTIVATE = "activate", _("confirm a new key")
    SIGN_IN = "sign_in", _("sign in")
    CONFIRM = "confirm", _("confirm a change")
    EMAIL = "email", _("confirm an address")
    RECOVER = "recover", _("choose a new password")


class SignInResult(TextChoices):
    SIGNED_IN = "signed_in", _("signed in")
    WRONG_PASSWORD = "wrong_password", _("wrong password")
    WRONG_DIGITS = "wrong_digits", _("wrong digits")
    USED_DIGITS = "used_digits", _("digits that were used already")
    RECOVERED = "recovered", _("new password")


class Change(TextChoices):
    KEY_ADDED = "key_added", _("a key was added")
    KEY_REVOKED = "key_revoked", _("a key was revoked")
    KEY_REPLACED = "key_replaced", _("a key was replaced")
    KEY_RENAMED = "key_renamed", _("a key got another name")
    PASSWORD = "password", _("the password was changed")
    EMAIL = "email", _("the contact address was changed")
    OLD_EMAIL = "old_email", _("the contact address was another one")
    LANGUAGE = "language", _("the language of mails was changed")
    NEW_DEVICE = "new_device", _("a sign-in from a new device")


class ReissueReason(TextChoices):
    """Why a new code is printed. The value is in the journal."""

    SHEET_LOST = "sheet lost", _("sheet lost")
    CODE_LOCKED = "code locked", _("code locked")
    NOT_PRINTED = "slip not printed", _("slip not printed")
    NOT_ASKED = "the person asks for it anew", _("the person asks for it anew")
