"""Describing a key, so that a holder or a clerk can tell it from the others."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyState
from activation.letters.masking import mask_email
from activation.letters.phones import mask_phone
from activation.models import DigitalKey, KeyHolder
from activation.one_time import key_kinds
from activation.one_time.key_kinds import SentBy

#: The names that `app_name` gives, which are the same in every language.
_NUMBERED: Final = re.compile(r"App ([0-9]{1,3})")


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


def app_name(holder: KeyHolder) -> str:
    """A name that distinguishes a new app from the holder's others; "" for the first.

    An app that replaces another gets a name too, because both are on the phone for a
    while. No number comes twice, also after an app that was not confirmed is deleted.
    """
    apps = DigitalKey.objects.filter(holder=holder, kind__in=key_kinds.SHOWN)
    begun = apps.filter(state=KeyState.PENDING).exclude(name="")
    before = apps.exclude(activated_at=None).count() + begun.count()
    if not before:
        return ""
    names = map(_NUMBERED.fullmatch, apps.values_list("name", flat=True))
    numbers = [int(name[1]) for name in names if name]
    return _("App %(number)d") % {"number": max([before, *numbers]) + 1}


def own_name(old: DigitalKey | None) -> str:
    """The name that the holder gave to the old key; "" without one.

    A name from `app_name` does not count: it has to differ between two apps on a phone,
    so the new app gets another one.
    """
    return "" if old is None or _NUMBERED.fullmatch(old.name) else old.name
