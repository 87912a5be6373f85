"""A mail as it goes over the line: headers, and its text twice, plain and as HTML.

Python's email package parses and folds each header anew, and looks for the shortest
encoding of each part; with many mails in a row that is a third of the time. What is
written here is the same for all our mails: two parts, both quoted-printable, and the
same headers. A header that is not plain ASCII on one line is left to the package, and
so is one that it would refuse.
"""

import binascii
import functools
import re
import secrets
from email import policy
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from counter.email import mail_syntax
from notifications.channels.outgoing import Mail

_END: Final = b"\r\n"
#: Longer header lines are folded (RFC 5322, 2.1.1).
_LONGEST_LINE: Final = 78
#: One line of printable ASCII.
_PLAIN: Final = re.compile(r"[ -~]+")
#: What would be read as an encoded word (RFC 2047).
_ENCODED_WORD: Final = "=?"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Letter(EmailMultiAlternatives):
    """Django's message, for any of its backends; ours sends it as `wire` has it."""

    def __init__(self, mail: Mail) -> None:
        """Raises ValueError if an address is not one plain address."""
        own_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        #: The address that all mails come from, as the envelope has it.
        self.sender = address
        self.sender_name = mail.message.sender or own_name
        super().__init__(
            # A header is one line, whatever the text's first line had in it.
            subject=" ".join(mail.message.subject.split()),
            body=mail.message.text,
            from_email=formataddr((self.sender_name, address)),
            # Django would write to strasse.de for straße.de, which is another's domain.
            to=[mail_syntax.read(mail.to)],
            reply_to=[mail_syntax.read(mail.reply_to)] if mail.reply_to else None,
            headers={
                "Message-ID": mail.message_id,
                # A program wrote it, so that no out-of-office reply answers it.
                "Auto-Submitted": "auto-generated",
                "Content-Language": ", ".join(mail.languages),
            },
        )
        self.text, self.html = mail.message.text, mail.message.html
        self.attach_alternative(self.html, "text/html")

    def wire(self) -> bytes:
        """The whole mail, in lines of ASCII that end in CRLF.

        Raises ValueError for a header with a line break in it.
        """
        # No line of quoted-printable has "=_" in it, so no text has this boundary.
        boundary = f"=_{secrets.token_hex(12)}"
        headers = {
            "Subject": self.subject,
            "To": self.to[0],
            "Reply-To": ", ".join(self.reply_to),
            "Date": format_datetime(timezone.now()),
            **self.extra_headers,
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        }
        between = b"--" + boundary.encode()
        return b"".join(
            (
                _from(self.sender_name, self.sender),
                *(_header(name, value) for name, value in headers.items() if value),
                _END,
                *(between, _END, _part("plain", self.text)),
                *(between, _END, _part("html", self.html)),
                *(between, b"--", _END),
            )
        )


@functools.lru_cache(maxsize=200)
def _from(name: str, address: str) -> bytes:
    """The header From: an office's name, and the address of all mails.

    Python's email package would fold it wrongly: it loses the quotes of a name with a
    comma in it, so that one address is read as two.
    """
    value = formataddr((name, address))
    if not name or _is_one_line("From", value):
        return f"From: {value}\r\n".encode("ascii")
    words = Header(name, "utf-8", header_name="From").encode(linesep="\r\n")
    return f"From: {words}\r\n <{address}>\r\n".encode("ascii")


def _header(name: str, value: str) -> bytes:
    if _is_one_line(name, value):
        return f"{name}: {value}\r\n".encode("ascii")
    _, header = policy.SMTP.header_store_parse(name, value)
    return policy.SMTP.fold_binary(name, header)


def _is_one_line(name: str, value: str) -> bool:
    """Whether the header needs neither folding nor encoding."""
    return (
        len(name) + len(": ") + len(value) <= _LONGEST_LINE
        and _PLAIN.fullmatch(value) is not None
        and _ENCODED_WORD not in value
    )


def _part(subtype: str, text: str) -> bytes:
    """A part of the mail, with its headers; `text` may have any line ends."""
    lines = _LINE_END.sub("\r\n", text).removesuffix("\r\n") + "\r\n"
    body = binascii.b2a_qp(lines.encode(errors="surrogateescape"), istext=True)
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + body + _END
