"""Tests read the mails that pages send in the mailboxes of a real mail server."""

from tests.notifications.conftest import mail_server

__all__ = ["mail_server"]
