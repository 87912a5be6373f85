"""A mail or a text message, ready to send."""

import dataclasses

from activation.letters.wording import DUTCH
from notifications.letters.composing import Message


@dataclasses.dataclass(frozen=True)
class Mail:
    """One mail to one address; its representation shows neither address nor text."""

    to: str = dataclasses.field(repr=False)
    message: Message = dataclasses.field(repr=False)
    message_id: str
    languages: tuple[str, ...]
    reply_to: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True)
class TextMessage:
    """One SMS to one number; its representation shows neither number nor text."""

    to: str = dataclasses.field(repr=False)
    text: str = dataclasses.field(repr=False)
    reference: str


Outgoing = Mail | TextMessage


def mail(
    *,
    to: str,
    message: Message,
    message_id: str,
    language: str = DUTCH,
    reply_to: str = "",
) -> Mail:
    """Make a mail to one address: in Dutch, and also in `language` if that is another.

    Answers go to `reply_to`, or else to the office that the message is about.
    """
    languages = (DUTCH,) if language == DUTCH else (DUTCH, language)
    return Mail(to, message, message_id, languages, reply_to or message.reply_to)
