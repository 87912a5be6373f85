"""Errors of the holder's own pages. The text of each error is shown to the holder."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activation.exceptions import ActivationError, WaitError
from counter.sign_in.hashing_places import RETRY_AFTER

_NO_PLACE_FOR: Final = timedelta(seconds=RETRY_AFTER)


class WrongSignInError(ActivationError):
    """The user name is unknown or the password is wrong.

    The text is the same for both, so that it does not reveal which names exist.
    """

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This user name and this password do not belong together.")
        )


class SignInBusyError(WaitError):
    """Too many people sign in right now. Nothing was compared and no try counted."""

    def __init__(self, *, at: datetime) -> None:
        reason = gettext_lazy("Very many people sign in just now.")
        super().__init__(free_at=at + _NO_PLACE_FOR, at=at, reason=reason)


class SignInWaitError(WaitError):
    """Ten failures in a row or more: the next try has to wait until `free_at`."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        reason = gettext_lazy("Too many tries.")
        super().__init__(free_at=free_at, at=at, reason=reason)


class SignInDisabledError(WaitError):
    """A hundred failures in a row. Ends after a day, or with the link of a recovery."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        reason = gettext_lazy("There were too many wrong tries under this name.")
        super().__init__(free_at=free_at, at=at, reason=reason)


class TriesUsedUpError(WaitError):
    """A hundred wrong tries during a recovery, while signed in, or at a key."""

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
    """Another account has this address.

    This is raised only after the person has confirmed the address with the digits that
    were mailed to it, so that strangers cannot find out which addresses have accounts.
    """

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
    """Wrong digits, old digits, or an account that does not exist.

    The text is the same for all, so that it does not reveal which accounts exist. For
    the same reason `tries_left` is counted in the session, not read from a code.
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
    """The typed code is not on the holder's newest sheet."""

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
