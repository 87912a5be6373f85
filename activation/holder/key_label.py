"""Describing a key, so that a holder or a clerk can tell it from the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.letters.masking import mask_email
from activation.letters.phones import mask_phone
from activation.models import DigitalKey
from activation.one_time.key_kinds import SentBy


@dataclass(frozen=True)
class ShownKey:
    """One key on a page; its destination is masked, because others may see the screen.

    `since` is a date, with the time when another of its kind has the same date.
    """

    key: DigitalKey
    masked: str
    since: str

    @property
    def title(self) -> str:
        """The name that the key was given, else its kind."""
        return self.key.name or self.kind

    @property
    def sent(self) -> str:
        """The text that says where to find the six digits of this key."""
        return self.key.kind_record.sent(self.masked)

    @property
    def can_send(self) -> str:
        return self.key.kind_record.can_send(self.masked)

    @property
    def kind(self) -> str:
        return capfirst(self.key.get_kind_display())


@sensitive_variables()
def shown_key(key: DigitalKey, *, among: Iterable[DigitalKey]) -> ShownKey:
    """The key for a page that also shows the keys in `among`."""
    return ShownKey(key, masked(key), _since(key, among))


@sensitive_variables()
def described(key: DigitalKey, keys: Iterable[DigitalKey]) -> str:
    """The key's name, kind, masked destination and date of activation, in one line."""
    known = shown_key(key, among=keys)
    words = f"{known.kind} {known.masked}".rstrip()
    if key.name:
        words = f"{key.name} ({words})"
    return _("%(kind)s, since %(date)s") % {"kind": words, "date": known.since}


@sensitive_variables()
def masked(key: DigitalKey) -> str:
    """The masked destination of a key's digits; "" for a key without a destination.

    The spaces of a number are no-break spaces, so that it stays on one line.
    """
    message = key.kind_record.message
    if message is None or not key.destination:
        return ""
    match message.by:
        case SentBy.TEXT_MESSAGE:
            return mask_phone(key.destination).replace(" ", "\N{NO-BREAK SPACE}")
        case SentBy.MAIL:
            return mask_email(key.destination)
        case _:
            assert_never(message.by)


def _since(key: DigitalKey, among: Iterable[DigitalKey]) -> str:
    if key.activated_at is None:
        return ""
    at = timezone.localtime(key.activated_at)
    alike = [
        other
        for other in among
        if other.pk != key.pk
        and other.kind == key.kind
        and other.activated_at is not None
        and timezone.localdate(other.activated_at) == at.date()
    ]
    date = date_format(at.date())
    return f"{date}, {date_format(at, 'TIME_FORMAT')}" if alike else date
