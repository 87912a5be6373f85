"""A mail as bytes: any mail program reads it as it was meant."""

import email
import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.email.mail_syntax import MailAddressError
from notifications.channels import writing
from notifications.channels.outgoing import Mail
from notifications.channels.writing import Letter
from notifications.letters.composing import Message

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
#: Texts of lines, some of which mean something to a mail server or program.
LINES = st.lists(
    st.sampled_from(
        [
            ".",
            "..",
            "--",
            "--=_",
            "From me",
            "=3D",
            "=?utf-8?q?x?=",
            "é" * 90,
            "a" * 999,
        ]
    )
    | TEXT,
    max_size=6,
).map("\n".join)
#: Texts on one line, as `one_line` makes them of what people type.
NAMES = TEXT.map(lambda text: " ".join(re.sub(r"[^ -~À-ɏ]", "", text).split()))


def written(
    subject: str = "Je sleutel", text: str = "Beste An\n", html: str = "", **values: str
) -> bytes:
    sender = values.pop("sender", "Stadskantoor Leuven")
    message = Message(subject, text, html or f"<p>{text}</p>\n", sender=sender)
    mail = Mail(
        to=values.pop("to", "an@example.org"),
        message=message,
        message_id=values.pop("message_id", "<1@sleutelloket.example>"),
        languages=("nl", "fr"),
        reply_to=values.pop("reply_to", ""),
    )
    return Letter(mail).wire()


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=policy.SMTP)


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    assert part.get_content_charset() == "utf-8"
    whole = part.get_payload(decode=True)
    assert isinstance(whole, bytes)
    return whole.decode()


def sender_of(raw: bytes) -> tuple[str, str]:
    """Name and address of the sender; the mail must have exactly one.

    Older functions of Python read them: newer ones put spaces between encoded words.
    """
    header = email.message_from_bytes(raw)["From"].replace("\r\n", "")
    ((name, address),) = getaddresses([header], strict=True)
    return str(make_header(decode_header(name))).strip(), address


def as_lines(text: str) -> str:
    """The text with the line ends of mails, which have one at the end too."""
    return re.sub(r"\r\n|\r|\n", "\r\n", text).removesuffix("\r\n") + "\r\n"


@given(text=LINES, html=LINES)
def test_both_texts_arrive_as_they_were(text: str, html: str) -> None:
    html = f"<p>{html}"
    raw = written(text=text, html=html)
    mail = read(raw)

    assert content(mail, "plain") == as_lines(text)
    assert content(mail, "html") == as_lines(html)
    assert mail.get_content_type() == "multipart/alternative"
    assert not mail.defects
    assert [part.defects for part in mail.iter_parts()] == [[], []]


@given(text=LINES)
def test_any_server_can_pass_it_on(text: str) -> None:
    """No line is too long, all are ASCII, and each ends with a line end of mails."""
    raw = written(text=text)

    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "sender",
    [
        "Stad Leuven, dienst Bevolking",
        "Stad Leuven, dienst Liège",
        "Gent; Één",
        'Stad "Leuven", Übersetzung',
        "Stad Leuven, langenaam " * 4,
        "Ville de Liège, " * 6,
        "À <a>",
        "a@b À",
        "a: À",
        "(a) À",
        "a, À",
        "é" * 90,
        "",
    ],
)
def test_whatever_an_office_is_called_its_mails_come_from_one_address(
    sender: str,
) -> None:
    """Otherwise a comma in the name of an office would make two senders of it."""
    raw = written(sender=sender)

    name = sender.strip() or "Stadskantoor Leuven"
    assert sender_of(raw) == (name, "noreply@sleutelloket.example")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@given(subject=NAMES, sender=NAMES)
def test_subject_and_sender_are_read_as_they_were_written(
    subject: str, sender: str
) -> None:
    raw = written(subject=subject, sender=sender)
    mail = read(raw)

    assert str(mail["Subject"] or "") == subject or "=?" in subject
    name, address = sender_of(raw)
    assert address == "noreply@sleutelloket.example"
    assert name == (sender or "Stadskantoor Leuven")
    assert raw.partition(b"\r\n\r\n")[0].isascii()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"subject": "Activeer je sleutel / Activez votre clé numérique dès maintenant"},
        {"subject": "A word =?utf-8?q?like_this?= stays what it is"},
        {"subject": "long " * 40},
        {"sender": "Stadt Eupen Übersetzung", "reply_to": "info@eupen.example"},
        {"to": f"{'an' * 30}@{'langenaam.' * 12}example"},
    ],
)
def test_its_headers_are_those_that_django_writes(
    values: dict[str, str],
) -> None:
    mail = Mail(
        to=values.get("to", "an@example.org"),
        message=Message(
            values.get("subject", "Dag"),
            "Dag\n",
            "<p>Dag</p>",
            sender=values.get("sender", ""),
        ),
        message_id="<1@sleutelloket.example>",
        languages=("nl",),
        reply_to=values.get("reply_to", ""),
    )
    ours = read(Letter(mail).wire())
    theirs = Letter(mail).message(policy=policy.SMTP)

    names = {"Subject", "From", "To", "Reply-To", "Message-ID", "Auto-Submitted"}
    names |= {"Content-Language", "MIME-Version"}
    for name in names:
        assert ours.get_all(name) == read(theirs.as_bytes()).get_all(name), name
    assert {name.lower() for name in ours} == {name.lower() for name in theirs}


def test_a_line_break_ends_no_header() -> None:
    """Line breaks in a subject become spaces; an address with one is refused."""
    raw = written(subject="Dag\r\nBcc: x@example.org")
    assert read(raw)["Subject"] == "Dag Bcc: x@example.org"
    assert read(raw)["Bcc"] is None
    with pytest.raises(ValueError, match=r"linefeed|carriage"):
        written(message_id="<1@x>\r\nBcc: x@example.org")
    with pytest.raises(MailAddressError):
        written(to="an@example.org\r\nBcc: x@example.org")


def test_no_applicant_is_kept_in_memory() -> None:
    """Only headers that many mails have in common are cached."""
    before = writing._from.cache_info().currsize
    for number in range(3):
        long_one = f"{'an' * 20}{number}@{'langenaam.' * 5}example"
        written(subject="Één onderwerp", to=long_one, reply_to=long_one)
    assert writing._from.cache_info().currsize <= before + 1
