"""Bounces: mails that a server accepted and that later came back as undeliverable.

`reports` reads a delivery report (RFC 3464), `noting` marks the delivery. Reports come
out of a mailbox (`mailbox`), from a mail service that calls a webhook (`webhook`), or
from a mail server that pipes them in (`manage.py take_bounce`).
"""
