"""Why a message did not leave. A channel, or a text message backend, raises one.

`answer` is what the other side said, or a sentence of ours; it may still carry an
address, which `notifications.services.answers.without_addresses` takes out before
anything is kept. Neither is ever logged.
"""


class DeliveryError(Exception):
    def __init__(self, answer: str = "") -> None:
        super().__init__(type(self).__name__)
        self.answer = answer


class RefusedError(DeliveryError):
    """For good: this message cannot reach this person."""


class PutOffError(DeliveryError):
    """Not now, for this one message; others may well go through."""


class AwayError(DeliveryError):
    """Nobody takes messages there at the moment, whoever they are for."""
