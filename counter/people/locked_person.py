"""Locks the row of a person until the transaction ends.

Persons are locked after dossiers: a transaction that holds a person must not wait for a
dossier any more (docs/concurrency.md#the-order-of-locks).
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.doubts import Doubt
from counter.exceptions import OpenDossierError, is_unique_violation
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import DocumentPerson
from counter.models import Applicant, Clerk
from counter.people import person


@sensitive_variables()
def find_or_make(
    number: NationalNumber, on_document: DocumentPerson, *, clerk: Clerk, at: datetime
) -> tuple[Applicant, list[Doubt]]:
    """The person with this number, locked, and the doubts whether it is their number.

    A new person is created with the names on the document. A known person keeps the
    known names until a code is issued (`person.follow_document`). To be called inside a
    transaction.

    Raises OpenDossierError when the person has an open dossier. This is checked here
    and not left to the unique constraint: an INSERT would wait for a transaction that
    is writing such a dossier, which may itself wait for this person: a deadlock.
    """
    while True:  # Again when a colleague created or removed the person meanwhile.
        known = person.known_by(number, clerk=clerk, lock=True)
        if known is not None and known.has_open_dossier:
            raise OpenDossierError(
                _("The person with this number has an open dossier already.")
            )
        if known is not None:
            return known.person, list(person.doubts_about(known, on_document))
        created = _create(number, on_document, at=at)
        if created is not None:
            return created, []


@sensitive_variables()
def _create(
    number: NationalNumber, on_document: DocumentPerson, *, at: datetime
) -> Applicant | None:
    """Create a person with this number; None when a colleague created it first."""
    new = Applicant(
        first_seen_at=at,
        number_kind=number.kind,
        last_name=on_document.name.last_name,
        first_names=on_document.name.first_names,
        birth_date=on_document.birth_date,
    )
    new.set_national_number(number.digits)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        if not is_unique_violation(error, Applicant):
            raise
        return None
    return new


@sensitive_variables()
def lock_both(applicant: Applicant, number: NationalNumber) -> None:
    """Lock this person and the person with this number, ordered by primary key.

    The fixed order prevents a deadlock with a transaction that locks the same two.
    """
    theirs = Applicant.objects.with_national_number(number.digits)
    both = theirs | Applicant.objects.filter(pk=applicant.pk)
    list(both.order_by("pk").select_for_update(of=("self",)))
