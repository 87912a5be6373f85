"""Read bounces over IMAP, from the mailbox of the sender's address.

Mail servers return undeliverable mail to the envelope sender, DEFAULT_FROM_EMAIL. A
bounce report that was noted is deleted, because it names the person; so is another
report about the same mail, and one that was noted by a pass that broke off before it
could delete it. Every other mail is marked as read and stays in the mailbox for people.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal

import structlog
from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessageFlags,
)

from counter.database import session_lock
from notifications.bounces import noting
from notifications.bounces.reports import LONGEST, read_report
from notifications.exceptions import MailboxError

type Security = Literal["ssl", "starttls", "plain"]

#: Time limit for connecting and for each answer. Nobody waits for this task, so it may
#: be long.
_SECONDS: Final = 10.0
#: How many mails one pass reads at most; the next pass reads the others.
AT_MOST: Final = 200
_TURN: Final = "reading the mailbox of bounces"

log = structlog.get_logger("sleutelloket.bounces")


@dataclass(frozen=True)
class Account:
    """Where the mailbox is (settings.BOUNCE_MAILBOX)."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    security: Security = "ssl"


@dataclass(frozen=True)
class Read:
    """How many mails a pass noted as bounced, how many reports it deleted because their
    mail was noted before, and how many mails it left to people.
    """

    noted: int = 0
    repeated: int = 0
    passed_over: int = 0


def read_mailbox(account: Account, *, at: datetime) -> Read:
    """Note each unread bounce report; returns how many mails were read.

    Only one process reads at a time; a second one returns at once and has read nothing.
    Raises MailboxError when the mailbox cannot be read: mails that were not handled yet
    stay unread.
    """
    with _alone() as is_alone:
        if not is_alone:
            return Read()
        try:
            with _open(account) as mailbox:
                return _read(mailbox, at=at)
        except (OSError, ImapToolsError, imaplib.IMAP4.error) as error:
            # Without the error's text, which may quote the account or the server's
            # words.
            raise MailboxError(type(error).__name__) from None


def _read(mailbox: BaseMailBox, *, at: datetime) -> Read:
    done = Read()
    for uid in mailbox.uids(AND(seen=False))[:AT_MOST]:
        report = read_report(_raw(mailbox, uid))
        # Finish each mail before the next one: if the pass fails, the mails that were
        # not handled are still unread.
        if report and noting.note(report, at=at):
            mailbox.delete([uid])
            done = replace(done, noted=done.noted + 1)
        elif report and noting.was_noted(report):
            mailbox.delete([uid])
            done = replace(done, repeated=done.repeated + 1)
        else:
            mailbox.flag([uid], [MailMessageFlags.SEEN], value=True)
            done = replace(done, passed_over=done.passed_over + 1)
    if done != Read():
        log.info("bounces_read", **asdict(done))
    return done


def _raw(mailbox: BaseMailBox, uid: str) -> bytes:
    """The raw mail, read without marking it as read; empty if it is gone or longer than
    LONGEST.
    """
    is_short = mailbox.uids(AND(uid=uid, size_lt=LONGEST))
    if not is_short:
        return b""
    _answer, pieces = mailbox.client.uid("fetch", uid, "(BODY.PEEK[])")
    return next((piece[1] for piece in pieces or () if isinstance(piece, tuple)), b"")


@contextmanager
def _open(account: Account) -> Iterator[BaseMailBox]:
    context = ssl.create_default_context()
    match account.security:
        case "ssl":
            mailbox: BaseMailBox = MailBox(
                account.host, account.port, timeout=_SECONDS, ssl_context=context
            )
        case "starttls":
            mailbox = MailBoxStartTls(
                account.host, account.port, timeout=_SECONDS, ssl_context=context
            )
        case "plain":
            mailbox = MailBoxUnencrypted(account.host, account.port, timeout=_SECONDS)
    with mailbox.login(account.user, account.password, account.folder) as opened:
        yield opened


@contextmanager
def _alone() -> Iterator[bool]:
    """Yield whether this process may read: only one holds the advisory lock.

    It is a lock of the database session, because it lasts longer than one transaction.
    """
    is_alone = session_lock.try_lock(_TURN)
    try:
        yield is_alone
    finally:
        if is_alone:
            session_lock.unlock(_TURN)
