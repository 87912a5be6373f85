"""After three weeks in which nothing ran: who is reminded, and how many in an hour."""

import datetime
from collections import Counter
from uuid import UUID

import time_machine

from activation.models import DigitalKey
from counter.models import Clerk
from notifications.enums import Kind
from notifications.models import Delivery
from notifications.reminders import reminders
from notifications.tasks import remind
from tests import cast
from tests.notifications.acts import NUMBERS, make_key

#: The first morning on which anything runs again.
BACK = datetime.datetime(2027, 3, 1, 7, 30, tzinfo=datetime.UTC)
A_DAY = datetime.timedelta(days=1)


def code_of(place: int, els: Clerk, *, days_ago: int) -> UUID:
    applicant = cast.make_applicant(NUMBERS[place])
    dossier = cast.make_dossier(applicant, els, email=f"p{place}@example.org")
    issued = BACK - days_ago * A_DAY
    return cast.make_code(dossier, els, issued_at=issued)[0].pk


def key_of(place: int, els: Clerk, *, ends_in: int) -> UUID:
    applicant = cast.make_applicant(NUMBERS[place])
    dossier = cast.make_dossier(applicant, els, email=f"p{place}@example.org")
    key = make_key(dossier, els, activated_at=BACK - 3600 * A_DAY)
    DigitalKey.objects.filter(pk=key.pk).update(valid_until=BACK + ends_in * A_DAY)
    return key.pk


def test_only_those_are_reminded_whom_it_still_helps(els: Clerk) -> None:
    # By days since the code: both reminders missed (20 and 14), only the first missed
    # (12), between the two (11), in time for the first (8), too early (3).
    codes = {age: code_of(age, els, days_ago=age) for age in (20, 14, 12, 11, 8, 3)}
    # By days to the key's end: over (-5), in time for the second reminder (3), between
    # the two (45), in time for the first (80), too early (200).
    keys = {left: key_of(50 + left, els, ends_in=left) for left in (-5, 3, 45, 80, 200)}
    with time_machine.travel(BACK, tick=False):
        remind()
        remind()
    reminded = set(Delivery.objects.values_list("subject", "kind"))
    assert reminded == {
        (codes[12], Kind.REMINDER_LAST),
        (codes[8], Kind.REMINDER_WEEK),
        (keys[3], Kind.KEY_EXPIRES_30),
        (keys[80], Kind.KEY_EXPIRES_90),
    }
    # Nobody gets one reminder twice; whoever was too early gets both on their days.
    for days in range(1, 12):
        with time_machine.travel(BACK + days * A_DAY, tick=False):
            remind()
    counts = Counter(Delivery.objects.values_list("subject", flat=True))
    assert counts[codes[12]] == counts[codes[11]] == 1
    assert counts[codes[3]] == counts[codes[8]] == 2


def test_what_piled_up_goes_hour_by_hour_the_most_pressing_first(els: Clerk) -> None:
    keys = [key_of(place, els, ends_in=62 + place) for place in range(7)]
    assert reminders.BATCH == 500
    put = []
    for hour in range(4):
        with time_machine.travel(BACK + hour * A_DAY / 24, tick=False):
            put.append(reminders.put_reminders(at=BACK + hour * A_DAY / 24, limit=3))
    assert put == [3, 3, 1, 0]
    in_order = Delivery.objects.order_by("created_at").values_list("subject", flat=True)
    assert set(in_order[:3]) == set(keys[:3])
    assert set(in_order[3:6]) == set(keys[3:6])
