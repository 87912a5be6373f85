"""The mails and SMS messages of the embedded run, read from their files."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

SHOWN = 200
NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class Message:
    """One message as the inbox shows it; `html` is empty for an SMS."""

    kind: str
    name: str
    to: str
    subject: str
    text: str
    html: str
    received: datetime


def newest(inbox: Path) -> list[Message]:
    """The last messages of both kinds, newest first."""
    paths = sorted(_files(inbox), key=lambda path: path.name, reverse=True)
    return [message for path in paths[:SHOWN] if (message := _read(path)) is not None]


def find(inbox: Path, name: str) -> Message | None:
    """One message by its name, which is a file name without its ending."""
    for path in _files(inbox):
        if path.stem == name:
            return _read(path)
    return None


def _files(inbox: Path) -> Iterator[Path]:
    for path in (*inbox.glob("mail/*.eml"), *inbox.glob("sms/*.json")):
        if NAME.fullmatch(path.stem):
            yield path


def _read(path: Path) -> Message | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None  # Deleted since it was listed.
    received = datetime.strptime(path.stem.partition("-")[0], "%Y%m%dT%H%M%S.%f%z")
    if path.suffix == ".json":
        row = json.loads(content)
        text = str(row["text"])
        return Message("sms", path.stem, str(row["to"]), text, text, "", received)
    mail = message_from_bytes(content, policy=policy.default)
    return Message(
        kind="mail",
        name=path.stem,
        to=str(mail.get("to", "")),
        subject=str(mail.get("subject", "")),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        received=received,
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())
