"""What people do at the counter and at home that leads to messages."""

import datetime
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from activation.codes.validity import key_end
from activation.enums import KeyKind, KeyState
from activation.models import ActivationCode, DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.destinations import destination_index
from activation.one_time.one_time import LIFE
from activation.signals import code_issued, codes_ended, one_time_code_requested
from counter.models import Clerk, Dossier
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Circuit, Delivery
from tests import cast

# Valid national numbers, generated for these tests, each for another person.
NUMBERS = [
    f"{n:09d}{97 - n % 97:02d}"
    for day in (850730_000, 850731_000)
    for n in range(day + 1, day + 998)
]


def announce(code: ActivationCode) -> None:
    """Send the signal about a new code, inside a transaction as its service does."""
    with transaction.atomic():
        code_issued.send(sender=ActivationCode, code=code)


def end(code: ActivationCode) -> None:
    with transaction.atomic():
        codes_ended.send(sender=ActivationCode, codes=[code])


def make_visits(
    count: int, clerk: Clerk, *, language: str = "nl", start: int = 0
) -> list[Delivery]:
    """Make `count` people with a code each, whose mails wait: person0@, person1@ ...

    Returns all deliveries, the oldest first.
    """
    for place in range(start, start + count):
        applicant = cast.make_applicant(NUMBERS[place], last_name=f"Nummer {place}")
        dossier = cast.make_dossier(
            applicant, clerk, email=f"person{place}@example.org", language=language
        )
        announce(cast.make_code(dossier, clerk)[0])
    return list(Delivery.objects.order_by("created_at"))


def make_key(
    dossier: Dossier,
    clerk: Clerk,
    kind: KeyKind = KeyKind.APP,
    *,
    destination: str = "",
    activated_at: datetime.datetime | None = None,
) -> DigitalKey:
    """A key of the dossier's person: active with `activated_at`, otherwise pending."""
    code, _ = cast.make_code(dossier, clerk, issued_at=activated_at)
    holder, _ = KeyHolder.objects.get_or_create(
        applicant=dossier.applicant,
        defaults={"user_name": str(dossier.pk), "created_at": timezone.now()},
    )
    key = DigitalKey(
        holder=holder, code=code, kind=kind, created_at=activated_at or timezone.now()
    )
    if destination:
        key.destination = destination
        key.destination_index = destination_index(destination)
    if activated_at is not None:
        key.state = KeyState.ACTIVE
        key.activated_at = activated_at
        key.valid_until = key_end(activated_at)
    key.save()
    return key


def request_digits(key: DigitalKey) -> OneTimeCode:
    """The person asks for six digits, to the key's destination."""
    now = timezone.now()
    with transaction.atomic():
        one_time_code = OneTimeCode.objects.create(
            key=key,
            destination_index=key.destination_index,
            requested_at=now,
            valid_until=now + LIFE,
        )
        one_time_code_requested.send(sender=OneTimeCode, one_time_code=one_time_code)
    return one_time_code


def let_time_pass(seconds: float) -> None:
    """Shorten every wait, lease and pause in the outbox by so many seconds."""
    by = datetime.timedelta(seconds=seconds)
    Delivery.objects.unsent().update(
        not_before=F("not_before") - by, leased_until=F("leased_until") - by
    )
    Circuit.objects.update(paused_until=F("paused_until") - by)


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[threading.Thread]:
    """Run `act` in another thread, with a database connection of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield thread
    thread.join(30)
    assert not thread.is_alive()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def state_of(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def wait_of(delivery: Delivery) -> float:
    delivery.refresh_from_db()
    return (delivery.not_before - timezone.now()).total_seconds()


def mail_to(**filed_under: Any) -> Delivery:
    """A mail of unknown outcome; `filed_under` is its dossier or holder."""
    now = timezone.now()
    return Delivery.objects.create(
        kind=Kind.ADDRESS_CHANGED,
        channel=Channel.MAIL,
        subject=uuid.uuid4(),
        created_at=now,
        not_before=now,
        state=DeliveryState.UNKNOWN,
        unknown_at=now,
        **filed_under,
    )
