"""Of wrong codes five are compared, also when very many are typed at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from activation.codes import derivation
from activation.enums import CodeState
from activation.exceptions import (
    CodeEndedError,
    CodeLockedError,
    MistypedCodeError,
    WrongCodeError,
)
from activation.journey.activating import accept_code, close_spent_codes
from activation.models import ActivationCode
from activation.signals import codes_ended
from activation.tasks import lapse_codes
from counter.enums import ActorKind
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.activation.helpers import at_once, wrong


@pytest.fixture
def code_and_text(dossier: Dossier, els: Clerk) -> tuple[ActivationCode, str]:
    return cast.make_code(dossier, els)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list to which each text is added that is really compared with the code."""
    seen: list[str] = []
    compare = derivation.is_right

    def counting(typed: str, *, kid: str, expected: Callable[[], str]) -> bool:
        seen.append(typed)
        return compare(typed, kid=kid, expected=expected)

    monkeypatch.setattr(derivation, "is_right", counting)
    return seen


def type_it(code: ActivationCode, text: str, at: datetime | None = None) -> None:
    accept_code(code_id=code.pk, typed=text, at=at or timezone.now())


def test_the_right_code_is_accepted_and_costs_no_try(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    type_it(code, text.lower())
    code.refresh_from_db()
    assert (code.state, code.attempts) == (CodeState.LIVE, 0)
    entry = JournalEntry.objects.get(event=Event.CODE_ACCEPTED)
    assert (entry.dossier, entry.actor_kind) == (code.dossier, ActorKind.APPLICANT)
    assert entry.details == {}


def test_it_can_be_typed_again_after_a_break(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    for _turn in range(7):
        type_it(code, text)
    code.refresh_from_db()
    assert code.attempts == 0


def test_a_typing_slip_costs_nothing(
    code_and_text: tuple[ActivationCode, str], compared: list[str]
) -> None:
    code, text = code_and_text
    other = "A" if text[3] != "A" else "B"
    for slip in (text[:3] + other + text[4:], text[:-1], text + "0", "", "?" * 14):
        with pytest.raises(MistypedCodeError):
            type_it(code, slip)
    code.refresh_from_db()
    assert code.attempts == 0
    assert compared == []


def test_four_wrong_ones_are_counted_down_and_the_fifth_locks(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    ended: list[ActivationCode] = []

    def hear(codes: list[ActivationCode], **_kwargs: object) -> None:
        ended.extend(codes)

    codes_ended.connect(hear)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCodeError) as refused:
            type_it(code, wrong(text))
        assert refused.value.tries_left == left
    assert ended == []
    with pytest.raises(CodeLockedError):
        type_it(code, wrong(text))
    code.refresh_from_db()
    assert (code.state, code.attempts) == (CodeState.LOCKED, 5)
    assert code.locked_at is not None
    assert ended == [code]
    entry = JournalEntry.objects.get(event=Event.CODE_LOCKED)
    assert entry.details == {"attempts": 5}
    codes_ended.disconnect(hear)


def test_a_locked_code_is_not_compared_even_when_it_is_right(
    code_and_text: tuple[ActivationCode, str], compared: list[str]
) -> None:
    code, text = code_and_text
    for _turn in range(5):
        with pytest.raises((WrongCodeError, CodeLockedError)):
            type_it(code, wrong(text))
    with pytest.raises(CodeEndedError) as refused:
        type_it(code, text)
    assert not isinstance(refused.value, CodeLockedError)
    assert len(compared) == 5


def test_a_right_one_after_four_wrong_ones_opens(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    for _turn in range(4):
        with pytest.raises(WrongCodeError):
            type_it(code, wrong(text))
    type_it(code, text)
    code.refresh_from_db()
    assert code.attempts == 4


def test_the_fifth_try_survives_a_crash_before_the_lock(
    code_and_text: tuple[ActivationCode, str], compared: list[str]
) -> None:
    code, text = code_and_text
    ActivationCode.objects.update(attempts=5)
    with pytest.raises(CodeLockedError):
        type_it(code, text)
    code.refresh_from_db()
    assert code.state == CodeState.LOCKED
    assert compared == []


@pytest.mark.parametrize(
    ("state", "column"),
    [
        (CodeState.USED, "used_at"),
        (CodeState.LOCKED, "locked_at"),
        (CodeState.REPLACED, "replaced_at"),
        (CodeState.LAPSED, "lapsed_at"),
    ],
)
def test_a_code_that_has_ended_is_not_compared(
    code_and_text: tuple[ActivationCode, str],
    compared: list[str],
    state: str,
    column: str,
) -> None:
    code, text = code_and_text
    ActivationCode.objects.update(state=state, **{column: timezone.now()})
    with pytest.raises(CodeEndedError):
        type_it(code, text)
    assert compared == []


def test_a_code_ends_at_the_very_second(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    type_it(code, text, code.valid_until - timedelta(microseconds=1))
    with pytest.raises(CodeEndedError):
        type_it(code, text, code.valid_until)
    code.refresh_from_db()
    assert (code.state, code.attempts) == (CodeState.LIVE, 0)


def test_without_its_derivation_key_no_code_is_right(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    ActivationCode.objects.update(key_id="gone")
    with pytest.raises(WrongCodeError):
        type_it(code, text)


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_count_inside_a_transaction_that_may_be_undone(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    with pytest.raises(RuntimeError), transaction.atomic():
        type_it(code, text)


@pytest.mark.django_db(transaction=True)
def test_of_32_guesses_at_once_exactly_five_are_compared(
    code_and_text: tuple[ActivationCode, str], compared: list[str]
) -> None:
    code, text = code_and_text
    answers = at_once(32, lambda _number: type_it(code, wrong(text)))
    code.refresh_from_db()
    assert len(compared) == 5
    assert (code.state, code.attempts) == (CodeState.LOCKED, 5)
    assert JournalEntry.objects.filter(event=Event.CODE_LOCKED).count() == 1
    assert sum(isinstance(answer, CodeLockedError) for answer in answers) == 1
    assert all(
        isinstance(answer, CodeEndedError | WrongCodeError) for answer in answers
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_the_right_one_among_guesses_at_once_never_adds_a_sixth_wrong_one(
    code_and_text: tuple[ActivationCode, str], compared: list[str], turn: int
) -> None:
    code, text = code_and_text
    answers = at_once(
        32, lambda number: type_it(code, text if number == turn else wrong(text))
    )
    code.refresh_from_db()
    assert sum(guess != text for guess in compared) <= 5
    if answers[turn] is None:
        assert (code.state, code.attempts) in {
            (CodeState.LIVE, 4),
            (CodeState.LOCKED, 5),
        }


@pytest.mark.django_db(transaction=True)
def test_a_double_click_with_one_try_left_locks_nobody_out(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    ActivationCode.objects.update(attempts=4)
    for _turn in range(10):
        answers = at_once(4, lambda _number: type_it(code, text))
        code.refresh_from_db()
        assert None in answers
        assert (code.state, code.attempts) == (CodeState.LIVE, 4)


def test_what_a_lock_dropped_is_sent_after_all_when_the_last_try_was_right(
    code_and_text: tuple[ActivationCode, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two clicks locks the code while the first is being compared."""
    code, text = code_and_text
    now = timezone.now()
    reminder = Delivery.objects.create(
        kind=Kind.REMINDER_WEEK,
        channel=Channel.MAIL,
        subject=code.pk,
        dossier=code.dossier,
        created_at=now,
        not_before=now,
    )
    ActivationCode.objects.update(attempts=4)
    compare = derivation.is_right

    def locked_meanwhile(typed: str, *, kid: str, expected: Callable[[], str]) -> bool:
        assert close_spent_codes(at=timezone.now()) == 1
        reminder.refresh_from_db()
        assert reminder.state == DeliveryState.DROPPED
        return compare(typed, kid=kid, expected=expected)

    monkeypatch.setattr(derivation, "is_right", locked_meanwhile)
    type_it(code, text)
    code.refresh_from_db()
    reminder.refresh_from_db()
    assert (code.state, code.attempts) == (CodeState.LIVE, 4)
    assert reminder.state == DeliveryState.WAITING


@pytest.mark.django_db(transaction=True)
def test_a_spent_code_is_locked_although_its_process_died(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, _text = code_and_text
    ActivationCode.objects.filter(pk=code.pk).update(attempts=5)
    lapse_codes()
    lapse_codes()
    code.refresh_from_db()
    assert (code.state, code.attempts) == (CodeState.LOCKED, 5)
    assert JournalEntry.objects.filter(event=Event.CODE_LOCKED).count() == 1
