"""What can go wrong between the link and the key, as sentences for the applicant."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from counter.exceptions import CounterError
from counter.web.waiting import seconds_until, wait_sentence


class ActivationError(CounterError):
    """A refusal with a sentence; the page shows it and nothing has changed."""


class CodeEndedError(ActivationError):
    """The code cannot be used: used, locked, replaced, lapsed or past its time."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This code no longer works."))


class ChangeEndedError(ActivationError):
    """The old address of a dossier objects after the two weeks in which it can."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This link no longer works."))


class MistypedCodeError(ActivationError):
    """The check character does not fit: a typing slip, which costs no attempt."""

    sentence = gettext_lazy(
        "There is a typing mistake in this code. Compare each character with your "
        "paper. This try does not count."
    )

    def __init__(self) -> None:
        super().__init__(self.sentence)


class WrongCodeError(ActivationError):
    """A well-formed code that is not this one. `tries_left` is 1 to 4."""

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
    """The last wrong try: the code is locked from now on."""


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
    """The six digits of an app are not those of now, or were used already."""


class UsedDigitsError(WrongDigitsError):
    """Right digits that were used already, or are older than the ones used last."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "You have used these digits already. Wait until the app shows new ones."
            )
        )


class DigitsOfAnotherTimeError(WrongDigitsError):
    """Right digits of another moment: of `step`, `distance` steps ahead of now.

    A negative `distance` is behind. What a page may say about it is decided in
    activation.holder.sessions.clock_hint.
    """

    def __init__(self, *, step: int, distance: int) -> None:
        super().__init__("")
        self.step = step
        self.distance = distance


class ClockOffError(WrongDigitsError):
    """The digits of another moment: the phone's clock is `minutes` ahead of `at`.

    Negative when it is behind.
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
    """The six digits of a message were not accepted; the sentence says what next."""


class WrongOneTimeCodeError(OneTimeCodeError):
    """Not these digits. `tries_left` of this one-time code, at least 1."""

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
    """Too old, tried too often, or replaced by a newer one."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("This code no longer works. Ask for a new code below.")
        )


class StartAgainError(OneTimeCodeError):
    """Too many wrong one-time codes in all; from `free_at` on tries are allowed."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        clock, is_today = _clock(free_at, at=at)
        sentence = (
            _("You typed wrong digits too often. You can try again at %(time)s.")
            if is_today
            else _(
                "You typed wrong digits too often. You can try again tomorrow at "
                "%(time)s."
            )
        )
        super().__init__(sentence % {"time": clock})
        self.free_at = free_at


class TooManyCodesError(ActivationError):
    """A one-time code was asked for too soon or too often; wait until `free_at`."""

    def __init__(self, *, free_at: datetime, at: datetime) -> None:
        super().__init__(when_to_ask_again(free_at=free_at, at=at))
        self.free_at = free_at


class TooManyRequestsError(ActivationError):
    """One network address sent too much in one minute."""

    def __init__(self, *, free_at: datetime) -> None:
        super().__init__(gettext_lazy("That was too much in one minute."))
        self.free_at = free_at


def when_to_ask_again(*, free_at: datetime, at: datetime) -> str:
    """When a new one-time code can be asked for, in words and local time."""
    seconds = seconds_until(free_at, at=at)
    if seconds <= 60:
        return f"{wait_sentence(seconds)} {_('Then ask for a new code.')}"
    clock, is_today = _clock(free_at, at=at)
    if is_today:
        return _(
            "You asked for a code very often. You can ask for a new one at %(time)s."
        ) % {"time": clock}
    return _(
        "You asked for a code very often. You can ask for a new one tomorrow "
        "at %(time)s."
    ) % {"time": clock}


def _clock(free_at: datetime, *, at: datetime) -> tuple[str, bool]:
    """The time of day, and whether that is today.

    Rounded up to the whole minute, so that nobody comes back a moment too early.
    """
    local = timezone.localtime(free_at + timedelta(seconds=59))
    return date_format(local, "TIME_FORMAT"), local.date() == timezone.localdate(at)
