"""A mail that was taken and came back later: a delivery status notification.

RFC 3464: a report says that a mail failed for good, and carries the headers of the mail
it is about; RFC 6533 has the same for addresses that are not ASCII. flufl.bounce knows
the forms that servers give it, also those that are none of the standard's. Our
Message-ID holds the delivery's own id, so whoever invents a report has to know an id
that only the mail carried. The addresses in it are read for one thing: to take them out
of the server's words.
"""

import email
import re
import uuid
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses
from typing import Final

import structlog
from django.utils.translation import gettext_noop
from flufl.bounce import scan_message

#: A report with a whole mail in it is a few kilobytes.
LONGEST: Final = 1_000_000
CAME_BACK: Final = gettext_noop("The mail came back, without a reason.")
_OUR_ID: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+")
_MESSAGE_ID: Final = re.compile(r"(?im)^[> \t]*message-id:\s*<?(\S+)")
_REPLY: Final = re.compile(r"\b5\d\d[ -]\S.*")
#: "Permanent failure", no more: what the code before the words says as well.
_SAYS_NOTHING: Final = re.compile(r"5\.0\.0|")

#: Of a mail whose addresses are not all ASCII (RFC 6533): what became of it, and what
#: may carry it.
_STATUS: Final = "message/global-delivery-status"
_CARRIERS: Final = {"message/global", "message/global-headers"}
_ENCODED: Final = {"base64", "quoted-printable"}
_BLANK_LINES: Final = re.compile(r"\r?\n(?:[ \t]*\r?\n)+")
#: A letter in an address, where the report had to be ASCII: `\x{FC}`.
_LETTER: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")

log = structlog.get_logger("sleutelloket.bounces")


@dataclass(frozen=True)
class Report:
    """A mail of ours failed for good: which, the server's words, whom they may name."""

    delivery_id: uuid.UUID
    words: str = field(repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)


def read_report(raw: bytes) -> Report | None:
    """What a mail reports; None for "later", for no report and for one not of ours."""
    if len(raw) > LONGEST:
        return None
    try:
        message = email.message_from_bytes(raw)
        _open_up(message)
        delivery_id = _about(message)
        if delivery_id is None or not (_blocks(message) or scan_message(message)):
            return None
        recipients = (*_recipients(message), *_written_to(message))
        return Report(delivery_id, _words(message) or CAME_BACK, recipients)
    except RecursionError:  # mails nested so deeply that no server wrote them
        return None
    except Exception as error:  # noqa: BLE001 (a stranger wrote it; see the next line)
        # One that cannot be read must not keep those behind it from being read. Its
        # error may quote it, so only the kind is logged.
        log.warning("bounce_unreadable", error=type(error).__name__)
        return None


def our_id(text: str) -> uuid.UUID | None:
    """The delivery of which this Message-ID is, with or without its brackets."""
    match = _OUR_ID.search(text)
    return uuid.UUID(match[1]) if match else None


def _open_up(report: Message) -> None:
    """Read the parts of RFC 6533, which the library takes for plain mails.

    A status becomes its groups of lines; headers and mails are decoded.
    """
    for part in report.walk():
        kind = part.get_content_type()
        if kind == _STATUS:
            groups = _BLANK_LINES.split(_inside(part))
            part.set_payload([email.message_from_string(group) for group in groups])
        elif kind in _CARRIERS:
            part.set_payload([email.message_from_string(_inside(part))])


def _inside(part: Message) -> str:
    """What a part of a message's kind holds, as it was before it was encoded."""
    as_it_came = b"".join(
        each.as_bytes() for each in part.get_payload() if isinstance(each, Message)
    )
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in _ENCODED:
        decoded = Message()
        decoded["Content-Transfer-Encoding"] = encoding
        decoded.set_payload(as_it_came.decode("ascii", "replace").lstrip())
        return _text_of(decoded, "utf-8")
    return as_it_came.decode("utf-8", "replace")


def _about(report: Message) -> uuid.UUID | None:
    """The delivery whose mail the report carries: whole, by its headers or as text."""
    for part in report.walk():
        if part is not report and (
            delivery_id := our_id(str(part.get("Message-ID", "")))
        ):
            return delivery_id
        if part.get_content_maintype() == "text":
            for message_id in _MESSAGE_ID.findall(_text_of(part)):
                if delivery_id := our_id(message_id):
                    return delivery_id
    return None


def _words(report: Message) -> str:
    """The server's words about the failure, with their code; empty when it has none."""
    status = ""
    for block in _blocks(report):
        status = status or str(block.get("Status", "")).strip()
        # `smtp; 550 ...`: the kind of words is before the first semicolon.
        diagnosis = " ".join(str(block.get("Diagnostic-Code", "")).split())
        kind, _, text = diagnosis.partition(";")
        if words := (text or kind).strip():
            says_more = status in words or _SAYS_NOTHING.fullmatch(status)
            return words if says_more else f"{status} {words}".strip()
    return _reply_in_text(report) or status


def _reply_in_text(report: Message) -> str:
    """A server's refusal as the report tells it to people: `550 5.1.1 no such user`."""
    for part in report.walk():
        if part.get_content_type() == "text/plain":
            match = _REPLY.search(_text_of(part))
            return match[0].strip() if match else ""
    return ""


def _blocks(report: Message) -> list[Message]:
    """What the report says of each address that failed."""
    return [
        block
        for part in report.walk()
        if part.get_content_type() in ("message/delivery-status", _STATUS)
        for block in part.walk()
        if str(block.get("Action", "")).strip().lower().startswith(("fail", "error"))
    ]


def _recipients(report: Message) -> list[str]:
    """The address that failed and, if the mail was forwarded, the one we wrote to."""
    named = [
        str(value).partition(";")[2]
        for block in _blocks(report)
        for name in ("Final-Recipient", "Original-Recipient")
        for value in block.get_all(name, [])
    ]
    named += [_LETTER.sub(lambda letter: chr(int(letter[1], 16)), n) for n in named]
    return [address for _name, address in getaddresses(named)]


def _written_to(report: Message) -> list[str]:
    """To whom the mail in the report was, from its headers."""
    written: list[str] = []
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(_text_of(part))
            written += [str(value) for value in headers.get_all("To", [])]
        elif part is not report:
            written += [str(value) for value in part.get_all("To", [])]
    return [address for _name, address in getaddresses(written)]


def _text_of(part: Message, charset: str = "ascii") -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(charset, "replace") if isinstance(payload, bytes) else ""
