"""What ends by itself: codes after two weeks, keys after ten years."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from activation.codes.lapsing import lapse_codes
from activation.enums import CodeState, KeyState
from activation.models import ActivationCode, DigitalKey
from activation.signals import codes_ended
from activation.tasks import expire_keys
from activation.tasks import lapse_codes as lapse_codes_task
from counter.enums import ActorKind, DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests import cast
from tests.notifications.acts import make_key, make_visits

BRUSSELS = ZoneInfo("Europe/Brussels")
SECOND = datetime.timedelta(seconds=1)


def brussels(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=BRUSSELS)  # type: ignore[misc, arg-type]


def test_a_code_lapses_with_its_dossier_and_the_journal_says_so(
    dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els, issued_at=brussels(2026, 5, 8, 16))

    with time_machine.travel(brussels(2026, 5, 22, 16), tick=False):
        lapse_codes_task()

    code.refresh_from_db()
    dossier.refresh_from_db()
    assert code.state == CodeState.LAPSED
    assert dossier.state == DossierState.LAPSED
    assert code.lapsed_at == dossier.lapsed_at == brussels(2026, 5, 22, 16)
    entry = JournalEntry.objects.get(event=Event.CODE_LAPSED)
    assert (entry.dossier, entry.actor_kind) == (dossier, ActorKind.SYSTEM)


@pytest.mark.parametrize(
    ("issued", "ends", "hours"),
    [
        (brussels(2026, 3, 20, 10), brussels(2026, 4, 3, 10), 335),
        (brussels(2026, 10, 20, 10), brussels(2026, 11, 3, 10), 337),
        (brussels(2026, 6, 1, 10), brussels(2026, 6, 15, 10), 336),
        (brussels(2028, 2, 20, 10), brussels(2028, 3, 5, 10), 336),
        # On this night in spring there is no 2:30, and the link ends at 3:30.
        (brussels(2026, 3, 15, 2, 30), brussels(2026, 3, 29, 3, 30), 336),
        # On this night in autumn 2:30 comes twice, and the link ends at the first.
        (brussels(2026, 10, 11, 2, 30), brussels(2026, 10, 25, 2, 30), 336),
    ],
)
def test_a_code_lapses_at_its_hour_fourteen_calendar_days_on(
    dossier: Dossier,
    els: Clerk,
    issued: datetime.datetime,
    ends: datetime.datetime,
    hours: int,
) -> None:
    cast.make_code(dossier, els, issued_at=issued)
    end = ends.astimezone(datetime.UTC)

    assert lapse_codes(at=end - SECOND) == 0
    assert ActivationCode.objects.usable(end - SECOND).exists()
    assert not ActivationCode.objects.usable(end).exists()
    assert lapse_codes(at=end) == 1
    assert end - issued.astimezone(datetime.UTC) == datetime.timedelta(hours=hours)


def test_a_locked_code_lapses_too(dossier: Dossier, els: Clerk) -> None:
    code, _ = cast.make_code(dossier, els)
    ActivationCode.objects.update(
        state=CodeState.LOCKED, locked_at=timezone.now(), attempts=5
    )

    assert lapse_codes(at=code.valid_until) == 1

    dossier.refresh_from_db()
    assert dossier.state == DossierState.LAPSED


def test_whoever_tells_the_person_hears_of_it(dossier: Dossier, els: Clerk) -> None:
    code, _ = cast.make_code(dossier, els)
    heard: list[ActivationCode] = []

    def hear(*, codes: list[ActivationCode], **_: object) -> None:
        heard.extend(codes)

    codes_ended.connect(hear)
    try:
        lapse_codes(at=code.valid_until)
    finally:
        codes_ended.disconnect(hear)

    assert [(ended.pk, ended.state) for ended in heard] == [(code.pk, CodeState.LAPSED)]


@pytest.mark.parametrize("state", [CodeState.USED, CodeState.REPLACED])
def test_a_code_that_was_used_or_replaced_does_not_lapse(
    dossier: Dossier, els: Clerk, state: CodeState
) -> None:
    code, _ = cast.make_code(dossier, els)
    ActivationCode.objects.update(state=state, **{f"{state.value}_at": timezone.now()})

    assert lapse_codes(at=code.valid_until) == 0

    dossier.refresh_from_db()
    assert dossier.state == DossierState.CODE_ISSUED


def test_weeks_of_downtime_are_made_up_for_once(els: Clerk) -> None:
    make_visits(7, els)
    at = timezone.now() + datetime.timedelta(days=40)

    assert [lapse_codes(at=at, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert JournalEntry.objects.filter(event=Event.CODE_LAPSED).count() == 7
    assert Dossier.objects.filter(state=DossierState.LAPSED).count() == 7


def test_a_dossier_that_moved_on_by_itself_keeps_its_state(
    dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)
    Dossier.objects.update(state=DossierState.CANCELLED, cancelled_at=timezone.now())

    assert lapse_codes(at=code.valid_until) == 1
    assert lapse_codes(at=code.valid_until) == 0

    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED


@pytest.mark.parametrize(
    ("activated", "ends"),
    [
        (brussels(2026, 5, 8, 16), brussels(2036, 5, 8, 16)),
        (brussels(2028, 2, 29, 9), brussels(2038, 2, 28, 9)),
        (brussels(2026, 10, 25, 1, 30), brussels(2036, 10, 25, 1, 30)),
        # Activated in summer time; in 2036 that day is still in winter time.
        (brussels(2026, 3, 29, 12), brussels(2036, 3, 29, 12)),
    ],
)
def test_a_key_expires_on_its_date_ten_years_on(
    dossier: Dossier,
    els: Clerk,
    activated: datetime.datetime,
    ends: datetime.datetime,
) -> None:
    key = make_key(dossier, els, activated_at=activated)
    end = ends.astimezone(datetime.UTC)

    with time_machine.travel(end - SECOND, tick=False):
        assert expire_keys() == 0
    assert DigitalKey.objects.active(end - SECOND).exists()
    assert not DigitalKey.objects.active(end).exists()
    with time_machine.travel(end, tick=False):
        assert expire_keys() == 1
        assert expire_keys() == 0

    key.refresh_from_db()
    assert key.state == KeyState.EXPIRED
    assert key.expired_at == end
    entry = JournalEntry.objects.get(event=Event.KEY_EXPIRED)
    assert entry.details == {"kind": "app"}
    assert entry.dossier == dossier


def test_a_revoked_key_does_not_expire(dossier: Dossier, els: Clerk) -> None:
    key = make_key(dossier, els, activated_at=timezone.now())
    DigitalKey.objects.update(state=KeyState.REVOKED, revoked_at=timezone.now())
    assert key.valid_until is not None

    with time_machine.travel(key.valid_until, tick=False):
        assert expire_keys() == 0
