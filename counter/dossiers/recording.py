"""Services of the desk, all keyword-only and atomic: record, move, cancel, reveal.

Each raises a CounterError whose sentence the view shows.
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
    MoveRefusedError,
    NoOfficeError,
    OpenDossierError,
    is_unique_violation,
)
from counter.identity import national_number
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import Shown
from counter.identity.spelling import PersonName
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, Office
from counter.people import kinship_answer, locked_person, person
from counter.people.kinship_answer import Answer

# How long a colleague's dossier is still news at the next desk.
JUST_NOW = timedelta(minutes=15)


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
    (counter.dossiers.doubts), `agreed` the stamps of those ticks, and `supervisor` is
    who agreed at the screen to what needs it (counter.people.person). Without a repr,
    because logs print reprs.
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
    def shown(self) -> Shown:
        name = PersonName(self.last_name, self.first_names)
        return Shown(name, self.birth_date)


@sensitive_variables()
def record_applicant(
    *,
    recording: Recording,
    clerk: Clerk,
    submission: uuid.UUID,
    at: datetime,
    family: Answer | None = None,
) -> Dossier:
    """Open a dossier for the person, with who saw which document and when.

    The same `submission` again gives the dossier that it made. Raises NoOfficeError,
    or OpenDossierError when the person has an open dossier, in whichever office; of
    two clerks at once the database lets one through. Raises AddressTakenError when
    somebody else's open dossier has the address, and OtherPersonError when the
    number is known under another name and nobody has looked at that. `family` is what
    the clerk said of a person of her own family name (counter.people.kinship, which
    refuses otherwise). Who came before gets today's names once a code is issued
    (`move`).
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
            _note_recorded(dossier, recording, clerk, family)
            person.note_approval(doubts, recording.supervisor, dossier, clerk)
            return dossier
    except OpenDossierError:
        pass  # perhaps the one that this very form made
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
    return _recorded_already(recording, clerk=clerk, submission=submission, at=at)


@sensitive_variables()
def _person(
    recording: Recording, *, clerk: Clerk, at: datetime
) -> tuple[Applicant, list[Doubt]]:
    """The person with this number and the doubts answered; claims their address."""
    applicant, doubts = locked_person.find_or_make(
        recording.number, recording.shown, clerk=clerk, at=at
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
    for what in recording.accepted:
        details = {"what": what}
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
def _says_the_same(recording: Recording, made: Dossier) -> bool:
    """Whether the form has the same values as the dossier that was made before."""
    shown = ("last_name", "first_names", "birth_date")
    kept = ("document_type", "document_country", "document_expiry", "document_number")
    answered = ("email", "language", "reason")
    return made.applicant.national_number == recording.number.digits and all(
        getattr(made, name) == getattr(recording, name)
        for name in (*shown, *kept, *answered)
    )


@transaction.atomic
def reveal_number(*, dossier: Dossier, clerk: Clerk, reason: RevealReason) -> str:
    """The whole national number as on the card; the journal says who saw it.

    Empty, and without an entry, when the person was anonymised.
    """
    if dossier.applicant.anonymised_at:
        return ""
    details = {"reason": reason.value}
    journal.write(Event.NUMBER_REVEALED, details, dossier=dossier, clerk=clerk)
    number = national_number.parse(dossier.applicant.national_number, today=localdate())
    return number.formatted
