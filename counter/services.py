"""What the counter does, named after the buttons.

Every service is keyword-only and atomic, and raises a CounterError whose
sentence the view shows.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter import journal, national_number, shared_address
from counter.enums import (
    ALLOWED_MOVES,
    ActorKind,
    CancelReason,
    DossierState,
    Event,
    RevealReason,
)
from counter.exceptions import (
    MoveRefusedError,
    NoOfficeError,
    OpenDossierError,
    is_unique_violation,
)
from counter.models import Applicant, Clerk, Dossier, JournalEntry, Office
from counter.national_number import NationalNumber

# How long a colleague's dossier is still news at the next desk.
JUST_NOW = timedelta(minutes=15)

OPENING_COUNTS_FOR = timedelta(minutes=15)

_TIME_OF = {
    DossierState.PAID: "paid_at",
    DossierState.CODE_ISSUED: "code_issued_at",
    DossierState.ACTIVATED: "activated_at",
    DossierState.CANCELLED: "cancelled_at",
    DossierState.LAPSED: "lapsed_at",
    DossierState.REDIRECTED: "redirected_at",
}


def move(
    dossier: Dossier,
    *,
    to: DossierState,
    at: datetime,
    event: Event,
    by: Clerk | None = None,
    actor_kind: ActorKind | None = None,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Move a dossier to another state and say so in the journal: the one door.

    The update carries the states it may come from, so of two that try at once one
    gets through and the other raises MoveRefusedError with nothing changed.
    `at` is the instant written beside the state.
    """
    sources = [state for state, targets in ALLOWED_MOVES.items() if to in targets]
    # No savepoint: a refusal has written nothing, and a visit's transaction counts
    # its statements (PERFORMANCE.md, target 4).
    with transaction.atomic(savepoint=False):
        moved = Dossier.objects.filter(pk=dossier.pk, state__in=sources).update(
            state=to, **{_TIME_OF[to]: at}
        )
        if moved:
            journal.write(
                event, details, dossier=dossier, clerk=by, actor_kind=actor_kind
            )
    if not moved:
        raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
    dossier.state = to
    setattr(dossier, _TIME_OF[to], at)


def cancel_dossier(
    *, dossier: Dossier, clerk: Clerk, reason: CancelReason, at: datetime
) -> None:
    """Close a dossier for which nothing was paid.

    Raises MoveRefusedError when it was paid or closed meanwhile: money goes back by a
    reversal only.
    """
    with transaction.atomic():
        still = Dossier.objects.select_for_update().get(pk=dossier.pk)
        if still.state != DossierState.RECORDED:
            raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
        move(
            dossier,
            to=DossierState.CANCELLED,
            at=at,
            event=Event.DOSSIER_CANCELLED,
            by=clerk,
            details={"reason": reason.value},
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Recording:
    """What a clerk read from the documents and heard from the person.

    Checked by the form: the number and the document by their rules, the document
    not expired. `birth_date` is the document's, None when it shows no whole date.
    `accepted` names the doubts at which the clerk looked again and said it was right
    (counter.doubts). Without a repr, because logs print reprs.
    """

    number: NationalNumber
    last_name: str
    first_names: str
    birth_date: date | None
    document_type: str
    document_number: str
    document_country: str
    document_expiry: date
    email: str
    language: str
    reason: str
    accepted: tuple[str, ...] = ()


@sensitive_variables()
def record_applicant(
    *, recording: Recording, clerk: Clerk, submission: uuid.UUID, at: datetime
) -> Dossier:
    """Open a dossier for the person, with who saw which document and when.

    The same `submission` again gives the dossier that it made. Raises NoOfficeError,
    or OpenDossierError when the person has an open dossier, in whichever office; of
    two clerks at once the database lets one through. Raises AddressTakenError when
    somebody else's open dossier has the address. A person who came before gets
    the names and birth date of today's document.
    """
    if clerk.office is None:
        raise NoOfficeError(_("You belong to no office. Ask the supervisor."))
    try:
        with transaction.atomic():
            applicant = _person(recording, at=at)
            shared_address.claim(recording.email, applicant=applicant)
            dossier = _new_dossier(recording, applicant, clerk, clerk.office)
            dossier.submission = submission
            dossier.original_seen_at = dossier.recorded_at = at
            dossier.save(force_insert=True)
            journal.write(Event.DOSSIER_RECORDED, dossier=dossier, clerk=clerk)
            for what in recording.accepted:
                journal.write(
                    Event.MISMATCH_ACCEPTED,
                    {"what": what},
                    dossier=dossier,
                    clerk=clerk,
                )
            return dossier
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
    return _recorded_already(recording, clerk=clerk, submission=submission, at=at)


def _person(recording: Recording, *, at: datetime) -> Applicant:
    """The applicant with this number, made when it is not there yet."""
    known = Applicant.objects.with_national_number(recording.number.digits)
    applicant = known.first()
    if applicant is None:
        applicant = Applicant(first_seen_at=at, **_shown_on_document(recording))
        applicant.set_national_number(recording.number.digits)
        try:
            with transaction.atomic():
                applicant.save(force_insert=True)
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise
            applicant = known.get()  # a colleague was faster
        else:
            return applicant
    for name, value in _shown_on_document(recording).items():
        setattr(applicant, name, value)
    applicant.save(update_fields=list(_shown_on_document(recording)))
    return applicant


def _shown_on_document(recording: Recording) -> dict[str, Any]:
    return {
        "number_kind": recording.number.kind,
        "last_name": recording.last_name,
        "first_names": recording.first_names,
        "birth_date": recording.birth_date,
    }


def _new_dossier(
    recording: Recording, applicant: Applicant, clerk: Clerk, office: Office
) -> Dossier:
    dossier = Dossier(
        office=office,
        applicant=applicant,
        recorded_by=clerk,
        document_type=recording.document_type,
        document_country=recording.document_country,
        document_expiry=recording.document_expiry,
        email=recording.email,
        language=recording.language,
        reason=recording.reason,
    )
    dossier.document_number = recording.document_number
    return dossier


def _recorded_already(
    recording: Recording, *, clerk: Clerk, submission: uuid.UUID, at: datetime
) -> Dossier:
    """The dossier of this very form; otherwise raises OpenDossierError.

    A form that was corrected after going back to it is another one: to answer it with
    the first dossier would send the code to the address that was put right.
    """
    own = Dossier.objects.visible_to(clerk).filter(
        submission=submission, recorded_by=clerk
    )
    made = own.select_related("applicant").first()
    if made is not None and _says_the_same(recording, made):
        return made
    person = Applicant.objects.with_national_number(recording.number.digits)
    open_one = (
        Dossier.objects.open()
        .filter(applicant__in=person)
        .select_related("recorded_by")
        .first()
    )
    if open_one is None:
        raise OpenDossierError(_("This person had an open dossier. Save again."))
    if open_one.office_id != clerk.office_id:
        # Another office's dossier is none of this clerk's business.
        raise OpenDossierError(
            _("This person has an open dossier in another office of the city.")
        )
    if at - open_one.recorded_at < JUST_NOW:
        sentence = _("%(where)s has just opened a dossier for this person.")
    else:
        sentence = _("This person has an open dossier since %(date)s (%(where)s).")
    said = {
        "where": open_one.recorded_by.where,
        "date": date_format(localdate(open_one.recorded_at)),
    }
    raise OpenDossierError(sentence % said, dossier_id=open_one.pk)


@sensitive_variables()
def _says_the_same(recording: Recording, made: Dossier) -> bool:
    """Whether nothing that is kept of a form differs from what it made before."""
    person = made.applicant
    kept = ("document_type", "document_country", "document_expiry", "document_number")
    said = ("email", "language", "reason")
    shown = _shown_on_document(recording)
    return (
        person.national_number == recording.number.digits
        and all(getattr(person, name) == value for name, value in shown.items())
        and all(getattr(made, n) == getattr(recording, n) for n in (*kept, *said))
    )


@transaction.atomic
def reveal_number(*, dossier: Dossier, clerk: Clerk, reason: RevealReason) -> str:
    """The applicant's number as printed on the card; the journal says who saw it."""
    journal.write(
        Event.NUMBER_REVEALED,
        {"reason": reason.value},
        dossier=dossier,
        clerk=clerk,
    )
    number = national_number.parse(dossier.applicant.national_number, today=localdate())
    return number.formatted


def note_opening(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Write in the journal that somebody looked at a person's dossier.

    Who looked at whom has to be found again (DOMAIN.md, section 1.6). Once in a quarter
    of an hour for each clerk; recording it or taking its payment counts as looking.
    """
    recently = JournalEntry.objects.filter(
        dossier=dossier, clerk=clerk, at__gt=at - OPENING_COUNTS_FOR
    )
    if not recently.exists():
        journal.write(Event.DOSSIER_OPENED, dossier=dossier, clerk=clerk)
