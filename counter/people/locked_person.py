"""A person's row in one's own hands, until the transaction ends.

A person is locked after dossiers, and whoever has one waits for no dossier any more
(docs/concurrency.md#the-order-of-locks).
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.doubts import Doubt
from counter.exceptions import OpenDossierError, is_unique_violation
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import Shown
from counter.models import Applicant, Clerk
from counter.people import person


@sensitive_variables()
def find_or_make(
    number: NationalNumber, shown: Shown, *, clerk: Clerk, at: datetime
) -> tuple[Applicant, list[Doubt]]:
    """The person with this number, locked, and what there is to doubt about that.

    Somebody new is made as the document shows. Who is known keeps the known names until
    today's document is confirmed (`person.follow_documents`). Inside a transaction.

    Raises OpenDossierError when the person has an open dossier. It is looked for here
    and not left to the database: a dossier that is written at this moment would be
    waited for, and who writes it may wait for this person.
    """
    while True:  # Each time round a colleague made the person, or removed it.
        known = person.known_by(number, clerk=clerk, lock=True)
        if known is not None and known.has_open_dossier:
            raise OpenDossierError(
                _("The person with this number has an open dossier already.")
            )
        if known is not None:
            return known.person, list(person.doubts_about(known, shown))
        made = _made(number, shown, at=at)
        if made is not None:
            return made, []


@sensitive_variables()
def _made(number: NationalNumber, shown: Shown, *, at: datetime) -> Applicant | None:
    """Somebody new with this number; None when a colleague was faster."""
    new = Applicant(
        first_seen_at=at,
        number_kind=number.kind,
        last_name=shown.name.last_name,
        first_names=shown.name.first_names,
        birth_date=shown.birth_date,
    )
    new.set_national_number(number.digits)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        return None
    return new


@sensitive_variables()
def lock_both(applicant: Applicant, number: NationalNumber) -> None:
    """Lock a person and whoever has this number, in the order of their keys, so that
    two who do it the other way round do not wait for each other.
    """
    theirs = Applicant.objects.with_national_number(number.digits)
    both = theirs | Applicant.objects.filter(pk=applicant.pk)
    list(both.order_by("pk").select_for_update(of=("self",)))
