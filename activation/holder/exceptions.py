"""What can go wrong on the holder's own page, as sentences for the holder."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activation.exceptions import ActivationError, WaitError
from counter.sign_in.hashing_places import RETRY_AFTER

_NO_PLACE_FOR: Final = timedelta(seconds=RETRY_AFTER)


class WrongSignInError(ActivationError):
    """An unknown name or a wrong password: one sentence, so it tells nobody which."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This user name and this password do not belong together.")
        )


class SignInBusyError(WaitError):
    """Too many sign in right now: nothing was compared, and no try was counted."""

    def __init__(self, *, at: datetime) -> None:
        reason = gettext_lazy("Very many people sign in just now.")
        super().__init__(free_at=at + _NO_PLACE_FOR, at=at, reason=reason)


class SignInWaitError(WaitError):
    """Ten failures in a row or more: the next try has to wait until `free_at`."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        reason = gettext_lazy("Too many tries.")
        super().__init__(free_at=free_at, at=at, reason=reason)


class SignInDisabledError(WaitError):
    """A hundred failures in a row: over after a day, or with the mail's link."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        reason = gettext_lazy("There were too many wrong tries under this name.")
        super().__init__(free_at=free_at, at=at, reason=reason)


class TriesUsedUpError(WaitError):
    """A hundred wrong tries by who got past the password, mailbox or sign-in."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        reason = gettext_lazy("There were too many wrong tries.")
        super().__init__(free_at=free_at, at=at, reason=reason)


class TooManyKeysError(ActivationError):
    def __init__(self, *, most: str) -> None:
        super().__init__(
            _("You have %(most)s keys. Revoke one before you add another.")
            % {"most": most}
        )


class SameKeyError(ActivationError):
    """A key to this number or address is active already."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("You have this key already."))


class AddressOfAnotherAccountError(ActivationError):
    """Another account has this address; said only to who reads its mail."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "Another account uses this address already. Choose an address that "
                "only you use."
            )
        )


class WrongPasswordError(ActivationError):
    def __init__(self) -> None:
        super().__init__(gettext_lazy("This is not your present password."))


class WrongRecoveryError(ActivationError):
    """Wrong digits, old digits, or an account that is not there: one sentence.

    `tries_left` counts what was typed in this browser. The tries really left of a code
    would tell that the account exists.
    """

    def __init__(self, *, tries_left: int) -> None:
        if tries_left < 1:
            sentence = _(
                "These digits are not right, or they no longer work. Ask for new "
                "digits below."
            )
        else:
            sentence = ngettext(
                "These digits are not right, or they no longer work. You can try one "
                "more time.",
                "These digits are not right, or they no longer work. You can try "
                "%(count)d more times.",
                tries_left,
            ) % {"count": tries_left}
        super().__init__(sentence)


class WrongRecoveryCodeError(ActivationError):
    """No code of the holder's present sheet."""

    was_compared = True

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This code is not on your newest sheet. Look at it again.")
        )


class UsedRecoveryCodeError(ActivationError):
    was_compared = True

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This code was used already. Type another one of the sheet.")
        )
