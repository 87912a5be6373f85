"""Mails that were taken and came back later, from wherever that is heard.

`reports` reads a delivery report (RFC 3464), `noting` marks the delivery. Reports come
out of a mailbox (`mailbox`), from a mail service that calls us (`webhook`), or from a
mail server that pipes them in (`manage.py take_bounce`).
"""
