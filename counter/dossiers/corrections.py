"""Correct what was recorded, without a new dossier and without a fee.

docs/decisions/033-corrections.md says what may be corrected until when.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.document_seen import note_document
from counter.dossiers.doubts import Doubt
from counter.dossiers.recording import Recording
from counter.email import uniqueness
from counter.enums import CorrectedField, DossierState
from counter.exceptions import CounterError
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import DocumentPerson
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, DossierCorrection
from counter.people import kinship_answer, locked_person, person
from counter.people.kinship_answer import Answer
from counter.retention import still_named
from counter.staff import same_hands

#: The fields that a correction may change, besides the national number. The e-mail
#: address is corrected on its own page.
_DETAILS: Final = (
    "last_name",
    "first_names",
    "birth_date",
    "document_type",
    "document_number",
    "document_country",
    "document_expiry",
    "language",
    "reason",
)
_CORRECTABLE = (
    DossierState.RECORDED,
    DossierState.CODE_ISSUED,
    DossierState.ACTIVATED,
)
Changes = Mapping[str, tuple[str | None, str | None]]


class NothingToCorrectError(CounterError):
    """The form has the same values as the dossier."""


class NotToCorrectError(CounterError):
    """The dossier is closed, its national number has an activated key, or no supervisor
    agreed to another national number.
    """


@sensitive_variables()
@transaction.atomic
def correct_dossier(
    *,
    dossier: Dossier,
    recording: Recording,
    clerk: Clerk,
    document_seen: bool,
    at: datetime,
    supervisor: Clerk | None = None,
    family: Answer | None = None,
) -> None:
    """Give the dossier the values of `recording`, and keep a DossierCorrection.

    Another national number moves the dossier to another person: only with a
    `supervisor`, and not after a key was activated on the old number. Raises
    NothingToCorrectError, NotToCorrectError, DocumentNotSeenError, AddressTakenError,
    AnonymisedError, OtherPersonError, OpenDossierError, and what `kinship.check` does.
    """
    still = _locked(dossier)
    dossier.state = still.state
    changes = _changes(still, recording)
    doubts = doubts_of_correction(
        still, recording.number, recording.on_document, clerk=clerk, lock=True
    )
    person.require_answers(
        doubts, agreed=recording.agreed, supervisor=supervisor, clerk=clerk
    )
    _take_over(dossier, recording, at=at)
    if family is not None:
        kinship_answer.note_answer(answer=family, dossier=dossier, clerk=clerk)
    note_document(seen=document_seen, dossier=dossier, clerk=clerk)
    if "national_number" in changes:
        _give_to_other_person(dossier, recording, supervisor, clerk=clerk, at=at)
    _save_details(dossier)
    _follow(dossier)
    DossierCorrection.objects.create(
        dossier=dossier, clerk=clerk, supervisor=supervisor, at=at, changes=changes
    )
    _tell(dossier, changes, recording, clerk=clerk, supervisor=supervisor)
    person.note_approval(doubts, supervisor, dossier, clerk)


def _locked(dossier: Dossier) -> Dossier:
    """Lock the dossier and return it as it is now.

    Raises NotToCorrectError when it is closed, and AnonymisedError.
    """
    still = still_named.lock_named(dossier)
    if still.state not in _CORRECTABLE:
        raise NotToCorrectError(_("This dossier is closed. It stays as it is."))
    return still


@sensitive_variables()
def _take_over(dossier: Dossier, recording: Recording, *, at: datetime) -> None:
    for name in _DETAILS:
        setattr(dossier, name, getattr(recording, name))
    dossier.original_seen_at = at


def _save_details(dossier: Dossier) -> None:
    dossier.save(
        update_fields=[
            *(name for name in _DETAILS if name != "document_number"),
            "document_number_sealed",
            "original_seen_at",
        ]
    )


def _changes(still: Dossier, recording: Recording) -> Changes:
    """The old and the new value of each field that differs; None, None for a number.

    Raises NothingToCorrectError when no field differs.
    """
    changes: dict[str, tuple[str | None, str | None]] = {}
    for name in _DETAILS:
        old, new = getattr(still, name), getattr(recording, name)
        if old != new:
            is_number = name == "document_number"
            changes[name] = (None, None) if is_number else (_kept(old), _kept(new))
    if still.applicant.national_number != recording.number.digits:
        changes["national_number"] = (None, None)
    if not changes:
        raise NothingToCorrectError(_("Everything is as it was recorded already."))
    return changes


def _kept(value: object) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)


def _give_to_other_person(
    dossier: Dossier,
    recording: Recording,
    supervisor: Clerk | None,
    *,
    clerk: Clerk,
    at: datetime,
) -> None:
    """Move the dossier to the person who has the corrected number, with the checks that
    recording makes.

    Raises NotToCorrectError, AddressTakenError, OpenDossierError and SameHandsError.
    """
    if dossier.state == DossierState.ACTIVATED:
        raise NotToCorrectError(
            _(
                "A key was activated on this number. Revoke the key, and record a new "
                "visit with the right number."
            )
        )
    if supervisor is None:
        raise NotToCorrectError(_("A supervisor has to agree to another number."))
    same_hands.refuse(clerk, supervisor, at=at, may_alone=True)
    before = dossier.applicant
    dossier.applicant, _doubts = locked_person.find_or_make(
        recording.number, recording.on_document, clerk=clerk, at=at
    )
    dossier.save(update_fields=["applicant"])
    # Only after the dossier has moved: before, its own address would count as taken by
    # another person.
    uniqueness.claim(dossier.email, applicant=dossier.applicant)
    person.follow_documents(before)
    _drop_if_never_here(before, at=at)


def _drop_if_never_here(applicant: Applicant, *, at: datetime) -> None:
    """Delete the person of the wrong number when they have no other dossier.

    A person with a key holder's account is protected from deletion: `parted_at` is set
    instead, and the retention rules remove them later.
    """
    if applicant.dossiers.exists():
        return
    try:
        with transaction.atomic():
            applicant.delete()
    except ProtectedError:
        Applicant.objects.filter(pk=applicant.pk).update(parted_at=at)


@sensitive_variables()
def doubts_of_correction(
    dossier: Dossier,
    number: NationalNumber,
    on_document: DocumentPerson,
    *,
    clerk: Clerk,
    lock: bool = False,
) -> list[Doubt]:
    """The doubts about a correction whose names differ from those known for the number.

    When this dossier is the person's only one, the known names are those that are being
    corrected. Then only the doubts that need a supervisor are returned, such as a
    wholly different name after a code was issued. `lock` locks both persons' rows, so
    that the answer stays true until the transaction ends.
    """
    if lock:
        locked_person.lock_both(dossier.applicant, number)
    known = person.known_by(number, clerk=clerk)
    if known is None:
        return []
    doubts = list(person.doubts_about(known, on_document))
    if [own.pk for own in known.dossiers] == [dossier.pk]:
        return [doubt for doubt in doubts if doubt.needs_supervisor]
    return doubts


def _follow(dossier: Dossier) -> None:
    """Give the person the names of the latest confirmed document."""
    own = dossier.applicant
    person.follow_documents(own)
    if own.dossiers.count() == 1:
        person.follow_document(own, dossier)


def _tell(
    dossier: Dossier,
    changes: Changes,
    recording: Recording,
    *,
    clerk: Clerk,
    supervisor: Clerk | None,
) -> None:
    for name in changes:
        corrected = {"field": CorrectedField(name)}
        journal.write(Event.CORRECTED, corrected, dossier=dossier, clerk=clerk)
    if "national_number" in changes and supervisor is not None:
        journal.write(Event.NUMBER_APPROVED, dossier=dossier, clerk=supervisor)
    for accepted in recording.accepted:
        journal.write(
            Event.MISMATCH_ACCEPTED, {"doubt": accepted}, dossier=dossier, clerk=clerk
        )
