"""What the office's pages send is looked at in a real mailbox."""

from tests.notifications.conftest import mail_server

__all__ = ["mail_server"]
