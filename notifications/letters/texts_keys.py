"""Texts to the holder of a key: it is active, it ends soon, something was changed."""

import dataclasses
import datetime

from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyKind
from activation.letters.wording import OfficeContact
from notifications.letters.composing import Link, Message, mail, moment


@sensitive_variables()
def key_activated(
    *,
    name: str,
    kind: str,
    valid_until: datetime.date,
    link: Link,
    language: str,
    office: OfficeContact,
) -> Message:
    """The mail that confirms a key.

    ``kind`` is app, sms or email; ``valid_until`` is its last date. ``link`` leads to
    the holder's own page and gives no access by itself.
    """
    return mail(
        "key_activated",
        language,
        name=name,
        link=link,
        valid_until=valid_until,
        office=office,
        key=KeyKind(kind),
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class EndingKey:
    """A key that ends on `valid_until`; `name` is what its holder calls it, or empty.

    `has_another` says whether another key of the holder is valid for longer, and
    `years` for how many years a replacement is.
    """

    kind: str
    name: str
    valid_until: datetime.date
    has_another: bool
    years: int


@sensitive_variables()
def key_expiry_reminder(
    key: EndingKey, *, name: str, link: Link, language: str, office: OfficeContact
) -> Message:
    """The mail about a key that ends, 90 and 30 days before, and how to replace it.

    ``link`` leads to the holder's own page, where replacing it costs nothing.
    """
    return mail(
        "key_expiry_reminder",
        language,
        name=name,
        key=KeyKind(key.kind),
        key_name=key.name,
        has_another=key.has_another,
        years=key.years,
        valid_until=key.valid_until,
        link=link,
        office=office,
    )


@sensitive_variables()
def holder_changed(
    *,
    name: str,
    change: str,
    kind: str,
    at: datetime.datetime,
    link: Link,
    language: str,
    office: OfficeContact,
) -> Message:
    """The mail about a change in an account, or about a sign-in from a new device.

    ``change`` is an activation.enums.Change; ``kind`` is that of the key concerned, or
    empty; ``at`` is in Brussels time. ``link`` leads to the holder's own page and gives
    no access by itself.
    """
    values = {"key": KeyKind(kind) if kind else "", **moment(at)}
    return mail(
        f"holder_changed/{change}",
        language,
        name=name,
        link=link,
        office=office,
        **values,
    )
