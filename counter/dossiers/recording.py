"""Services of the desk: record an applicant, cancel a dossier, reveal a number.

All are atomic and take keyword arguments only. They raise subclasses of CounterError,
whose message the view shows.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.doubts import Doubt
from counter.dossiers.moves import move
from counter.email import uniqueness
from counter.enums import (
    CancelReason,
    DossierState,
    RevealReason,
)
from counter.exceptions import (
    CounterError,
    MoveRefusedError,
    NoOfficeError,
    OpenDossierError,
    is_unique_violation,
)
from counter.identity import national_number
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import DocumentPerson
from counter.identity.spelling import PersonName
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, Office, TurnedAway
from counter.people import kinship_answer, locked_person, person
from counter.people.kinship_answer import Answer

# A dossier is called "just opened" for this long after its recording.
JUST_NOW = timedelta(minutes=15)


def cancel_dossier(
    *, dossier: Dossier, clerk: Clerk, reason: CancelReason, at: datetime
) -> None:
    """Cancel a dossier before it is paid.

    Raises MoveRefusedError when it was paid or closed meanwhile: money can be given
    back only by a reversal.
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

    The form has validated it: number and document follow their rules, and the document
    has not expired. `birth_date` is the document's, None when it shows no complete
    date. `accepted` has the kinds of the doubts that the clerk ticked
    (counter.dossiers.doubts), `agreed` the stamps of these ticks. `supervisor` is who
    agreed at the clerk's screen where that is required (counter.people.person). The
    class has no repr, because logs print reprs and the values are personal data.
    """

    number: NationalNumber
    last_name: str
    first_names: str
    birth_date: date | None
    document_type: str
    document_number: str
    document_country: str
    #: None: a card without a last day.
    document_expiry: date | None
    email: str
    language: str
    reason: str
    accepted: tuple[str, ...] = ()
    agreed: frozenset[str] = frozenset()
    supervisor: Clerk | None = None

    @property
    def on_document(self) -> DocumentPerson:
        name = PersonName(self.last_name, self.first_names)
        return DocumentPerson(name, self.birth_date)


@sensitive_variables()
def record_applicant(
    *,
    recording: Recording,
    clerk: Clerk,
    submission: uuid.UUID,
    at: datetime,
    family: Answer | None = None,
) -> Dossier:
    """Create a dossier for the person, with the document, the clerk and the time.

    Idempotent: the same `submission` with the same values returns the dossier that it
    made before. Raises NoOfficeError; OpenDossierError when the person has an open
    dossier in any office (a unique constraint decides between two clerks at once);
    AddressTakenError when another person's open dossier has the e-mail address;
    OtherPersonError when the number is known under another name and that doubt was not
    answered; and CounterError when the visit with this `submission` was closed as free
    of charge or refused. `family` is the clerk's answer about a person with the clerk's
    own family name; without one counter.people.kinship refuses. A person who came
    before gets the names of today's document when a code is issued (`move`).
    """
    if clerk.office is None:
        raise NoOfficeError(_("You belong to no office. Ask the supervisor."))
    try:
        with transaction.atomic():
            applicant, doubts = _person(recording, clerk=clerk, at=at)
            dossier = _new_dossier(recording, applicant, clerk, clerk.office)
            dossier.submission = submission
            dossier.original_seen_at = dossier.recorded_at = at
            dossier.save(force_insert=True)
            _refuse_closed(submission)
            _note_recorded(dossier, recording, clerk, family)
            person.note_approval(doubts, recording.supervisor, dossier, clerk)
            return dossier
    except OpenDossierError:
        pass  # it may be the dossier that this same form made before
    except IntegrityError as error:
        if not is_unique_violation(error, Dossier):
            raise
    return _recorded_already(recording, clerk=clerk, submission=submission, at=at)


def _refuse_closed(submission: uuid.UUID) -> None:
    """Raise CounterError for a visit that was closed without a dossier.

    Called after the dossier was written: closing a visit looks for a dossier in the
    same way.
    """
    if TurnedAway.objects.filter(submission=submission).exists():
        raise CounterError(
            _(
                "This visit was closed without a dossier. Press again to record it all "
                "the same."
            )
        )


@sensitive_variables()
def _person(
    recording: Recording, *, clerk: Clerk, at: datetime
) -> tuple[Applicant, list[Doubt]]:
    """Find or create the person, check that all doubts were answered, and reserve the
    e-mail address. Returns the person and the doubts.
    """
    applicant, doubts = locked_person.find_or_make(
        recording.number, recording.on_document, clerk=clerk, at=at
    )
    agreed, supervisor = recording.agreed, recording.supervisor
    person.require_answers(doubts, agreed=agreed, supervisor=supervisor, clerk=clerk)
    uniqueness.claim(recording.email, applicant=applicant)
    return applicant, doubts


def _note_recorded(
    dossier: Dossier, recording: Recording, clerk: Clerk, family: Answer | None
) -> None:
    if family is not None:
        kinship_answer.note_answer(answer=family, dossier=dossier, clerk=clerk)
    journal.write(Event.DOSSIER_RECORDED, dossier=dossier, clerk=clerk)
    for doubt_kind in recording.accepted:
        details = {"doubt": doubt_kind}
        journal.write(Event.MISMATCH_ACCEPTED, details, dossier=dossier, clerk=clerk)


def _new_dossier(
    recording: Recording, applicant: Applicant, clerk: Clerk, office: Office
) -> Dossier:
    dossier = Dossier(
        office=office,
        applicant=applicant,
        recorded_by=clerk,
        last_name=recording.last_name,
        first_names=recording.first_names,
        birth_date=recording.birth_date,
        desk=clerk.desk_name,
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
    """The dossier that this same form made before; otherwise raises OpenDossierError.

    A clerk may go back, change a value and send the form again. That is not the same
    form: returning the first dossier would send the code to the uncorrected address.
    """
    own = Dossier.objects.visible_to(clerk).filter(
        submission=submission, recorded_by=clerk
    )
    recorded = own.select_related("applicant").first()
    if recorded is not None and _says_the_same(recording, recorded):
        return recorded
    people = Applicant.objects.with_national_number(recording.number.digits)
    open_one = (
        Dossier.objects.open()
        .filter(applicant__in=people)
        .select_related("recorded_by")
        .first()
    )
    if open_one is None:
        raise OpenDossierError(_("This person had an open dossier. Record again."))
    if open_one.office_id != clerk.office_id:
        # Another office's dossier is none of this clerk's business.
        raise OpenDossierError(
            _("This person has an open dossier in another office of the city.")
        )
    if at - open_one.recorded_at < JUST_NOW:
        sentence = _("%(where)s has just opened a dossier for this person.")
    else:
        sentence = _("This person has an open dossier since %(date)s (%(where)s).")
    words = {
        "where": open_one.recorded_where,
        "date": date_format(localdate(open_one.recorded_at)),
    }
    raise OpenDossierError(sentence % words, dossier_id=open_one.pk)


@sensitive_variables()
def _says_the_same(recording: Recording, recorded: Dossier) -> bool:
    """Whether `recording` has the same values as the dossier `recorded` before."""
    of_person = ("last_name", "first_names", "birth_date")
    of_document = (
        "document_type",
        "document_country",
        "document_expiry",
        "document_number",
    )
    of_visit = ("email", "language", "reason")
    return recorded.applicant.national_number == recording.number.digits and all(
        getattr(recorded, name) == getattr(recording, name)
        for name in (*of_person, *of_document, *of_visit)
    )


@transaction.atomic
def reveal_number(*, dossier: Dossier, clerk: Clerk, reason: RevealReason) -> str:
    """Return the full national number as printed on a card; the journal records who
    saw it and why.

    Returns "" and writes no entry when the person was anonymised.
    """
    if dossier.applicant.anonymised_at:
        return ""
    details = {"reason": reason.value}
    journal.write(Event.NUMBER_REVEALED, details, dossier=dossier, clerk=clerk)
    number = national_number.parse(dossier.applicant.national_number, today=localdate())
    return number.formatted
