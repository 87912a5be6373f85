"""Make past visits with the product's own services, at instants in the past.

No message is sent for them: the outbox is disconnected while they are made, and their
deliveries are written as sent. The journal shows when the seed ran, because its times
come from the database's clock.
"""

import datetime
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from activation import signals
from activation.codes.activation_code import ALPHABET, check_character, code_text
from activation.codes.issuing import pay_and_issue
from activation.codes.lapsing import lapse_codes
from activation.desk import key_endings
from activation.enums import CodeState
from activation.exceptions import CodeLockedError, WrongCodeError
from activation.journey import accounts, activating, choosing
from activation.journey.activating import activate_key
from activation.models import ActivationCode, DigitalKey
from activation.one_time.digits import one_time_text
from activation.querysets import TRIES_A_CODE
from counter.desk import rejections
from counter.dossiers import recording
from counter.dossiers.moves import move
from counter.dossiers.recording import Recording
from counter.enums import CancelReason, DossierState
from counter.identity import national_number
from counter.journal.events import Event
from counter.models import Clerk, Dossier, TurnedAway
from counter.sign_in import totp
from localrun.seeding.drawers import open_for_the_day, settle_past
from localrun.seeding.people import TURNED_AWAY, VISITS, FreeRoute, Visit
from notifications import receivers
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from payments.enums import Method
from payments.models import Terminal

_LISTENERS = (
    (signals.code_issued, receivers.send_the_link),
    (signals.codes_ended, receivers.drop_waiting_mails),
    (signals.one_time_code_requested, receivers.send_the_digits),
    (signals.key_activated, receivers.confirm_the_key),
)
_MINUTE = datetime.timedelta(minutes=1)
_DAY = datetime.timedelta(days=1)
_MIDDAY = datetime.time(11, 10)
_PATHS = {
    DossierState.PAID,
    DossierState.CODE_ISSUED,
    DossierState.ACTIVATED,
    DossierState.LAPSED,
}


def make_visits(*, now: datetime.datetime) -> int:
    """Make the visits that do not exist yet; returns how many.

    A visit that an interrupted run left unfinished is continued from its state.
    """
    count = 0
    with _nobody_told():
        for visit in VISITS:
            at = _instant(visit, now)
            dossier = Dossier.objects.filter(submission=_id(visit, "dossier")).first()
            if dossier is None:
                dossier = _record(visit, at=at)
                count += 1
            if dossier.state == DossierState.RECORDED:
                _after_recording(visit, dossier, at=at + 4 * _MINUTE)
            if dossier.state == DossierState.CODE_ISSUED:
                _after_issuing(visit, dossier)
        for away in TURNED_AWAY:
            _turn_away(away, now=now)
        if count:
            settle_past(now=now)
            key_endings.count_endings()
    return count


@contextmanager
def _nobody_told() -> Iterator[None]:
    """Disconnect the outbox in this process, so that past visits send nothing."""
    for signal, receiver in _LISTENERS:
        signal.disconnect(receiver)
    try:
        yield
    finally:
        for signal, receiver in _LISTENERS:
            signal.connect(receiver)


def _id(visit: Visit | FreeRoute, kind: str) -> uuid.UUID:
    """An id that is the same in every run, so that no object is made twice."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{kind}.{visit.name}.sleutelloket.example")


def _instant(visit: Visit | FreeRoute, now: datetime.datetime) -> datetime.datetime:
    """The instant of the visit: ten past eleven on its day, or half an hour ago for
    today.
    """
    if visit.days_ago == 0:
        return now - 30 * _MINUTE
    day = timezone.localdate(now) - visit.days_ago * _DAY
    return timezone.make_aware(datetime.datetime.combine(day, _MIDDAY))


def _record(visit: Visit, *, at: datetime.datetime) -> Dossier:
    applicant = Recording(
        number=national_number.parse(
            visit.national_number, today=timezone.localdate(at)
        ),
        last_name=visit.last_name,
        first_names=visit.first_names,
        birth_date=visit.birth_date,
        document_type=visit.document_type,
        document_number=visit.document_number,
        document_country=visit.document_country,
        document_expiry=timezone.localdate(at) + 900 * _DAY,
        email=visit.email,
        language=visit.language,
        reason=visit.reason,
    )
    return recording.record_applicant(
        recording=applicant,
        clerk=_clerk(visit),
        submission=_id(visit, "dossier"),
        at=at,
    )


def _turn_away(visit: FreeRoute, *, now: datetime.datetime) -> None:
    submission = _id(visit, "turned-away")
    if TurnedAway.objects.filter(submission=submission).exists():
        return
    rejections.turn_away(
        reason=visit.reason,
        clerk=_clerk(visit),
        submission=submission,
        at=_instant(visit, now),
    )


def _clerk(visit: Visit | FreeRoute) -> Clerk:
    clerk: Clerk = Clerk.objects.select_related("office").get(username=visit.desk)
    return clerk


def _terminal(clerk: Clerk) -> Terminal | None:
    """The terminal at the clerk's desk, or else any terminal of the office."""
    terminals = Terminal.objects.of_office(clerk.office_id or 0).in_use()
    return terminals.preset_for(clerk) or terminals.first()


def _ticket(visit: Visit) -> str:
    """The number on the terminal's ticket, which is different for each visit."""
    return f"{_id(visit, 'ticket').int % 1_000_000:06d}"


def _after_recording(visit: Visit, dossier: Dossier, *, at: datetime.datetime) -> None:
    """Pay or cancel, as this visit ended."""
    clerk = _clerk(visit)
    if visit.ends_as in _PATHS:
        if visit.tendered is not None:
            open_for_the_day(clerk, at=at)
        code = pay_and_issue(
            dossier=dossier,
            clerk=clerk,
            method=Method.CARD if visit.tendered is None else Method.CASH,
            tendered=visit.tendered,
            terminal_slip=_ticket(visit) if visit.tendered is None else "",
            terminal=_terminal(clerk) if visit.tendered is None else None,
            submission=_id(visit, "payment"),
            at=at,
        )
        _sent(dossier, Kind.ACTIVATION_LINK, code.pk, at=at, visit=visit)
    elif visit.ends_as == DossierState.CANCELLED:
        move(
            dossier,
            to=DossierState.CANCELLED,
            at=at,
            by=clerk,
            event=Event.DOSSIER_CANCELLED,
            details={"reason": CancelReason.LEFT.value},
        )


def _after_issuing(visit: Visit, dossier: Dossier) -> None:
    """Activate a key, let the code lapse or lock it, as this visit ended.

    Nothing happens once a clerk has issued another code: whoever tries the product out
    goes on with that one.
    """
    if dossier.codes.count() != 1:
        return
    code = dossier.codes.get()
    if visit.key is not None:
        _activate(visit, code, at=code.issued_at + 7 * 60 * _MINUTE)
    elif visit.ends_as == DossierState.LAPSED:
        for kind, days in ((Kind.REMINDER_WEEK, 7), (Kind.REMINDER_LAST, 12)):
            _sent(dossier, kind, code.pk, at=code.issued_at + days * _DAY, visit=visit)
        lapse_codes(at=code.valid_until + _MINUTE)
    elif visit.code_ends_as == CodeState.LOCKED and code.state == CodeState.LIVE:
        _mistype(code, at=code.issued_at + 90 * _MINUTE)


def _activate(visit: Visit, code: ActivationCode, *, at: datetime.datetime) -> None:
    if visit.key is None:
        return
    activating.accept_code(code_id=code.pk, typed=code_text(code), at=at)
    accounts.choose_account(
        code_id=code.pk,
        user_name=visit.name,
        password=secrets.token_urlsafe(24),  # unknown to everybody
        at=at,
    )
    key = choosing.choose_key(code_id=code.pk, kind=visit.key, at=at)
    activate_key(code_id=code.pk, key_id=key.pk, typed=_confirmation(key, at), at=at)
    _sent(code.dossier, Kind.KEY_ACTIVATED, key.pk, at=at, visit=visit)


def _confirmation(key: DigitalKey, at: datetime.datetime) -> str:
    """The six digits that the person would type."""
    if not key.kind_record.has_destination:
        return totp.digits(key.secret, totp.step_at(at))
    return one_time_text(key.one_time_codes.latest("requested_at"))


def _mistype(code: ActivationCode, *, at: datetime.datetime) -> None:
    """Try five well-formed wrong codes, so that the code locks."""
    right = code_text(code)
    for letter in ALPHABET[: TRIES_A_CODE + 1]:
        wrong = letter + right[1:-1]
        if wrong == right[:-1]:
            continue
        try:
            activating.accept_code(
                code_id=code.pk, typed=wrong + check_character(wrong), at=at
            )
        except WrongCodeError:
            continue
        except CodeLockedError:
            return


def _sent(
    dossier: Dossier,
    kind: Kind,
    subject: uuid.UUID,
    *,
    at: datetime.datetime,
    visit: Visit,
) -> None:
    """Write a message as sent, or as refused, two seconds after it was due."""
    then = at + datetime.timedelta(seconds=2)
    state = DeliveryState.REFUSED if visit.is_refused else DeliveryState.SENT
    Delivery.objects.get_or_create(
        kind=kind,
        subject=subject,
        defaults={
            "channel": Channel.MAIL,
            "dossier": dossier,
            "state": state,
            "created_at": at,
            "not_before": at,
            "attempts": 1,
            "sent_at": None if visit.is_refused else then,
            "refused_at": then if visit.is_refused else None,
            "answer": "550 5.1.1 mailbox unknown" if visit.is_refused else "",
        },
    )
