"""Errors that say why a message was not sent; raised by a channel or a text message
backend.

`answer` is the server's answer, or a sentence of ours. It may still contain an address,
which `notifications.channels.answers.without_addresses` removes before the answer is
stored. An answer is never logged.
"""


class DeliveryError(Exception):
    """`is_of_server` is True if the server failed instead of answering about this
    message; the next message may fail too (notifications.outbox.circuits).
    """

    is_of_server = False

    def __init__(self, answer: str = "") -> None:
        super().__init__(type(self).__name__)
        self.answer = answer


class RefusedError(DeliveryError):
    """A permanent failure: this message cannot reach this person."""


class PutOffError(DeliveryError):
    """A temporary failure of this one message. Others may well be taken, unless
    `is_of_server`: then the server broke off.
    """

    def __init__(self, answer: str = "", *, is_of_server: bool = False) -> None:
        super().__init__(answer)
        self.is_of_server = is_of_server


class ServerAwayError(DeliveryError):
    """The server takes no message at the moment, whoever it is for."""

    is_of_server = True


class UnknownError(DeliveryError):
    """The whole message was sent, and no answer says whether it was taken.

    `is_away` if the server does not answer for other messages either.
    """

    def __init__(
        self, answer: str = "", *, is_away: bool = False, is_of_server: bool = False
    ) -> None:
        super().__init__(answer)
        self.is_away = is_away
        self.is_of_server = is_away or is_of_server


class LeaseLostError(Exception):
    """Another sender holds the row now, so this one must not send it."""


class MailboxError(Exception):
    """The mailbox of bounces cannot be read; the text is the class of the error."""
