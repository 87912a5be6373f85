"""What can go wrong between the link and the key, as sentences for the applicant."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from counter.exceptions import CounterError
from counter.web.waiting import seconds_until, then_press, wait_sentence

#: A wait of which nobody asks why.
_SHORT: Final = timedelta(minutes=1)


class ActivationError(CounterError):
    """A refusal. Its text is shown to the person.

    `was_compared` is True when a secret was compared and found wrong, which is a try.
    It is False when nothing was compared, for example because the person has to wait or
    the digits are too old.
    """

    was_compared: bool = False


class CodeEndedError(ActivationError):
    """The code cannot be used: used, locked, replaced, lapsed or past its time."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This code no longer works."))


class ChangeEndedError(ActivationError):
    """The old address of a dossier objects after the two weeks in which it can."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This link no longer works."))


class MistypedCodeError(ActivationError):
    """The check character is wrong: a typing mistake, which counts as no attempt."""

    sentence = gettext_lazy(
        "There is a typing mistake in this code. Compare each character with your "
        "paper. This try does not count."
    )

    def __init__(self) -> None:
        super().__init__(self.sentence)


class WrongCodeError(ActivationError):
    """The typed code is well-formed but not the right one. `tries_left` is 1 to 4."""

    def __init__(self, *, tries_left: int) -> None:
        super().__init__(
            ngettext(
                "This is not the right code. You can try one more time.",
                "This is not the right code. You can try %(count)d more times.",
                tries_left,
            )
            % {"count": tries_left}
        )
        self.tries_left = tries_left


class CodeLockedError(CodeEndedError):
    """The last wrong try has locked the code."""


class AlreadyActiveError(CodeEndedError):
    """A key was activated with this code already: another tab was first."""


class UserNameTakenError(ActivationError):
    """Somebody has this user name; `suggestion` was free a moment ago."""

    def __init__(self, *, user_name: str, suggestion: str) -> None:
        super().__init__(
            _("Somebody else has the user name %(taken)s. This one is free: %(name)s.")
            % {"taken": user_name, "name": suggestion}
        )
        self.suggestion = suggestion


class HolderHasKeyError(ActivationError):
    """The account has an active key, so it is no longer set up from here."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("You have an account already."))


class AccountMovedError(ActivationError):
    """Name and password were chosen again after this page was shown.

    In another window or on another device, with the same code. The account now has
    `user_name` and a password that this page's reader may not know.
    """

    def __init__(self, *, user_name: str) -> None:
        super().__init__(
            _(
                "Meanwhile somebody chose a user name and a password with the same "
                "code, in another window or on another device."
            )
        )
        self.user_name = user_name


class KindSwitchedOffError(ActivationError):
    """The office does not offer this kind of key."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This office does not offer this key. Choose another one.")
        )


class KeyGoneError(ActivationError):
    """The key that is to be confirmed is not (or no longer) being set up."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Choose your key again."))


class WrongDigitsError(ActivationError):
    """The six digits of an app are not the current ones, or were used already."""

    was_compared = True


class UsedDigitsError(WrongDigitsError):
    """Right digits that were used already, or are older than the ones used last."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "You have used these digits already. Wait until the app shows new ones."
            )
        )


class DigitsOfAnotherTimeError(WrongDigitsError):
    """The digits are right for another moment: the time step `step`.

    That is `distance` steps ahead of the present one, or behind it when negative.
    activation.holder.sessions.clock_hint decides what a page may say about this.
    """

    def __init__(self, *, step: int, distance: int) -> None:
        super().__init__("")
        self.step = step
        self.distance = distance


class ClockOffError(WrongDigitsError):
    """The digits are right for another moment, so the phone's clock is wrong.

    It is `minutes` ahead of `at`, or behind when negative.
    """

    def __init__(self, *, minutes: int, at: datetime) -> None:
        if minutes > 0:
            sentence = ngettext(
                "The clock of your phone is about %(count)d minute fast. Here it is "
                "%(time)s. Set the clock of your phone right: choose in its settings "
                "that the time is set automatically. Then type the new digits.",
                "The clock of your phone is about %(count)d minutes fast. Here it is "
                "%(time)s. Set the clock of your phone right: choose in its settings "
                "that the time is set automatically. Then type the new digits.",
                minutes,
            )
        else:
            sentence = ngettext(
                "The clock of your phone is about %(count)d minute slow. Here it is "
                "%(time)s. Set the clock of your phone right: choose in its settings "
                "that the time is set automatically. Then type the new digits.",
                "The clock of your phone is about %(count)d minutes slow. Here it is "
                "%(time)s. Set the clock of your phone right: choose in its settings "
                "that the time is set automatically. Then type the new digits.",
                -minutes,
            )
        clock = date_format(timezone.localtime(at), "TIME_FORMAT")
        super().__init__(sentence % {"count": abs(minutes), "time": clock})


class OneTimeCodeError(ActivationError):
    """The six digits of a message were refused. The text says what to do next."""


class WrongOneTimeCodeError(OneTimeCodeError):
    """The digits are wrong. `tries_left` for this one-time code is at least 1."""

    def __init__(self, *, tries_left: int) -> None:
        super().__init__(
            ngettext(
                "These are not the right digits. You can try one more time.",
                "These are not the right digits. You can try %(count)d more times.",
                tries_left,
            )
            % {"count": tries_left}
        )
        self.tries_left = tries_left


class OneTimeCodeEndedError(OneTimeCodeError):
    """The one-time code is too old, was tried too often, or a newer one replaced it."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This code no longer works. Ask for a new code below.")
        )


class WaitError(ActivationError):
    """It was done too soon or too often, and is allowed again from `free_at` on.

    The error does not know the buttons of the page, so the page calls `then_press` with
    the text of its button.
    """

    def __init__(
        self, *, free_at: datetime, at: datetime, reason: str | Promise = ""
    ) -> None:
        self.free_at, self.at, self.reason = free_at, at, reason
        super().__init__(f"{reason} {self._wait()}".strip())

    def _wait(self) -> str:
        return wait_sentence(seconds_until(self.free_at, at=self.at))

    def then_press(self, button: str) -> SafeString:
        """The text that says why to wait, and when to press `button` again."""
        when = then_press(button, free_at=self.free_at, at=self.at)
        return format_html("{} {}", self.reason, when) if self.reason else when


def sentence(error: ActivationError, *, button: str) -> str:
    """The text of an error; for a WaitError with the time to press `button` again."""
    return error.then_press(button) if isinstance(error, WaitError) else str(error)


class StartAgainError(WaitError, OneTimeCodeError):
    """Too many wrong one-time codes in all; from `free_at` on tries are allowed."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        reason = gettext_lazy("You typed wrong digits too often.")
        super().__init__(free_at=free_at, at=at, reason=reason)


class TooManyCodesError(WaitError):
    """A one-time code was asked for too soon or too often; wait until `free_at`."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        is_short = free_at - at <= _SHORT
        often = gettext_lazy("You asked for a code very often.")
        super().__init__(free_at=free_at, at=at, reason="" if is_short else often)


class TooManyRequestsError(WaitError):
    """One network address sent too much in one minute, or in one hour."""
