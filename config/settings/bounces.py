"""Where bounces are reported, from the environment (docs/settings.md)."""

from typing import Any

from config import environment

#: django-anymail's name for the key with which each service signs its calls.
_KEYS = {
    "brevo": "WEBHOOK_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
}


def mailbox_from_environment() -> dict[str, Any]:
    """`BOUNCE_MAILBOX`, for notifications.bounces.mailbox; empty if no host is set."""
    if not environment.text("BOUNCE_IMAP_HOST", ""):
        return {}
    return {
        "host": environment.text("BOUNCE_IMAP_HOST", ""),
        "port": environment.port("BOUNCE_IMAP_PORT", 993),
        "security": environment.choice(
            "BOUNCE_IMAP_SECURITY", {"ssl", "starttls", "plain"}, "ssl"
        ),
        "user": environment.text("BOUNCE_IMAP_USER", ""),
        "password": environment.text("BOUNCE_IMAP_PASSWORD", ""),
        "folder": environment.text("BOUNCE_IMAP_FOLDER", "INBOX"),
    }


def webhook_from_environment() -> tuple[str, dict[str, str]]:
    """`BOUNCE_WEBHOOK` and `ANYMAIL`: the service that calls, and its key."""
    service = environment.choice("BOUNCE_WEBHOOK", {"", *_KEYS}, "")
    key = environment.text("BOUNCE_WEBHOOK_KEY", "")
    return service, {_KEYS[service]: key} if service else {}
