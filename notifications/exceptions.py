"""Why a message did not leave. A channel, or a text message backend, raises one.

`answer` is what the other side said, or a sentence of ours; it may still carry an
address, which `notifications.channels.answers.without_addresses` takes out before
anything is kept. Neither is ever logged.
"""


class DeliveryError(Exception):
    """`is_of_server`: it gave no answer that tells of this message, so the next one
    may fare the same (notifications.outbox.circuits).
    """

    is_of_server = False

    def __init__(self, answer: str = "") -> None:
        super().__init__(type(self).__name__)
        self.answer = answer


class RefusedError(DeliveryError):
    """For good: this message cannot reach this person."""


class PutOffError(DeliveryError):
    """Not now, for this one message; others may well go through, unless the server
    broke off in the middle of it.
    """

    def __init__(self, answer: str = "", *, is_of_server: bool = False) -> None:
        super().__init__(answer)
        self.is_of_server = is_of_server


class ServerAwayError(DeliveryError):
    """Nobody takes messages there at the moment, whoever they are for."""

    is_of_server = True


class UnknownError(DeliveryError):
    """It left us whole, and nobody said whether it was taken.

    `is_away` when nobody is there any more for the other messages either.
    """

    def __init__(
        self, answer: str = "", *, is_away: bool = False, is_of_server: bool = False
    ) -> None:
        super().__init__(answer)
        self.is_away = is_away
        self.is_of_server = is_away or is_of_server


class LeaseLostError(Exception):
    """Another sender has the row by now, so this one must not send it."""


class MailboxError(Exception):
    """The mailbox of what comes back cannot be read; the text is the kind of error."""
