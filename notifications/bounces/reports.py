"""Parse a bounce: a delivery status notification about a mail of ours.

A report (RFC 3464) says that a mail failed permanently, and contains the headers of
that mail; RFC 6533 defines the same for addresses that are not ASCII. flufl.bounce
recognises the formats that servers use, also those that follow no standard. Our
Message-ID contains the delivery's id, so somebody who forges a report has to know an id
that only the mail itself contained. Addresses in a report are read for one purpose: to
remove them from the server's words.
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

#: The size in bytes of the largest mail that is parsed. A report that contains a whole
#: mail has a few kilobytes.
LONGEST: Final = 1_000_000
#: The size in bytes of all texts of a report that the library is given.
_LONGEST_TEXTS: Final = 20_000
CAME_BACK: Final = gettext_noop("The mail came back, without a reason.")
_OUR_ID: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+")
_MESSAGE_ID: Final = re.compile(r"(?im)^[> \t]*message-id:\s*<?(\S+)")
_REPLY: Final = re.compile(r"\b5\d\d[ -]\S.*")
#: Status codes that add nothing to the server's words: 5.0.0 ("permanent failure"), or
#: no code.
_SAYS_NOTHING: Final = re.compile(r"5\.0\.0|")

#: Content types for addresses that are not ASCII (RFC 6533): that of the delivery
#: status, and those that may contain the returned mail or its headers.
_STATUS: Final = "message/global-delivery-status"
_CARRIERS: Final = {"message/global", "message/global-headers"}
_ENCODED: Final = {"base64", "quoted-printable"}
_BLANK_LINES: Final = re.compile(r"\r?\n(?:[ \t]*\r?\n)+")
#: A letter of an address that is not ASCII, escaped in a report that had to be:
#: `\x{FC}`.
_LETTER: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")

log = structlog.get_logger("sleutelloket.bounces")


@dataclass(frozen=True)
class Report:
    """A mail of ours failed permanently: its delivery, the server's words about it, and
    the addresses that these words may contain.
    """

    delivery_id: uuid.UUID
    words: str = field(repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)


def read_report(raw: bytes) -> Report | None:
    """Parse a mail as a bounce report.

    Returns None if it reports only a delay, is no report about a mail of ours, is
    longer than LONGEST or cannot be parsed.
    """
    if len(raw) > LONGEST:
        return None
    try:
        message = email.message_from_bytes(raw)
        _open_up(message)
        delivery_id = _about(message)
        if delivery_id is None:
            return None
        recipients = (*_recipients(message), *_written_to(message))
        report = Report(delivery_id, _words(message) or CAME_BACK, recipients)
        return report if _blocks(message) or _is_recognised(message) else None
    except RecursionError:  # mails nested so deeply that no server wrote them
        return None
    except Exception as error:  # noqa: BLE001 (a stranger wrote it; see the next line)
        # An unreadable report must not stop those after it from being read. The error's
        # text may quote the mail, so only its class is logged.
        log.warning("bounce_unreadable", error=type(error).__name__)
        return None


def _is_recognised(report: Message) -> bool:
    """Whether the library recognises the report by its words. The texts of `report` are
    cut: a report says at its beginning what it is, and the library's patterns take a
    hundred times as long for a text that is ten times as long.
    """
    left = _LONGEST_TEXTS
    for part in report.walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            del part["Content-Transfer-Encoding"]
            part.set_payload(payload[:left].decode("latin-1"))
            left = max(left - len(payload), 0)
    return bool(scan_message(report))


def our_id(text: str) -> uuid.UUID | None:
    """The delivery's id in a Message-ID of ours, with or without angle brackets; None
    if the text contains no such id.
    """
    match = _OUR_ID.search(text)
    return uuid.UUID(match[1]) if match else None


def _open_up(report: Message) -> None:
    """Parse the parts of RFC 6533, which the library reads as plain messages.

    A delivery status becomes one message for each group of lines; headers and mails are
    decoded.
    """
    for part in report.walk():
        kind = part.get_content_type()
        if kind == _STATUS:
            groups = _BLANK_LINES.split(_inside(part))
            part.set_payload([email.message_from_string(group) for group in groups])
        elif kind in _CARRIERS:
            part.set_payload([email.message_from_string(_inside(part))])


def _inside(part: Message) -> str:
    """The text of a `message/...` part, with its transfer encoding undone."""
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
    """The id of the delivery whose mail the report contains; None if there is none.

    The report may contain the whole mail, its headers only, or quote them in a text.
    """
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
    """The server's refusal in the first plain text of the report, such as `550 5.1.1 no
    such user`; empty if there is none.
    """
    for part in report.walk():
        if part.get_content_type() == "text/plain":
            match = _REPLY.search(_text_of(part))
            return match[0].strip() if match else ""
    return ""


def _blocks(report: Message) -> list[Message]:
    """The status fields of each address that failed permanently."""
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
    """The addresses in the To headers of the mail that the report contains."""
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
