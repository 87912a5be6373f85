"""Updates a linked account at each sign-in by the city's sign-on.

Role and office are set each time to those that the city sends. When the city sends no
role, the account is switched off until the city sends one again. An account that a
supervisor switched off stays off.
"""

from datetime import datetime

from django.db import transaction

from counter.city_sign_on import claims
from counter.city_sign_on.claims import Person
from counter.city_sign_on.provider import Provider
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.journal import recorded_models
from counter.models import CityIdentity, Clerk
from counter.roles import role_rights
from counter.staff import account_changes


def admit(person: Person, *, clerk: Clerk, provider: Provider, at: datetime) -> None:
    """Update the linked account to the city's data, and end its sessions if it changed.

    Raises CityRefusedError when the account may not sign in.
    """
    with recorded_models.changed_by(lambda: None), transaction.atomic():
        why = _admit(person, clerk, provider, at)
    if why is not None:
        raise CityRefusedError(why)


def _admit(
    person: Person, clerk: Clerk, provider: Provider, at: datetime
) -> Why | None:
    """Update the account, and return why it may not sign in, or None.

    The reason is returned and not raised, because the changes must be committed.
    """
    was = account_changes.before(clerk, by=None, at=at)
    identity = CityIdentity.objects.select_for_update().get(pk=clerk.pk)
    clerk.refresh_from_db(fields=["is_active", "role", "office"])
    why: Why | None = None
    if not clerk.is_active and not identity.is_off:
        return Why.SWITCHED_OFF
    if person.role is None:
        why = Why.NO_ROLE
    else:
        try:
            _take(person, clerk, provider)
        except CityRefusedError as refusal:
            why = refusal.why
    # Only a missing role switches the account off. A wrong office is a mistake of the
    # city's data; the account stays as it is until that is corrected.
    is_on = why != Why.NO_ROLE and (why is None or clerk.is_active)
    clerk.is_active, identity.is_off = is_on, not is_on
    identity.save(update_fields=["is_off"])
    clerk.save(update_fields=["is_active", "role", "office", "is_staff"])
    account_changes.note_place(account=clerk, was=was, by=None, at=at)
    return why


def _take(person: Person, clerk: Clerk, provider: Provider) -> None:
    """Set the account's office and role to the person's.

    Raises CityRefusedError; then nothing of the account is changed.
    """
    if person.role is None:
        raise CityRefusedError(Why.NO_ROLE)
    if provider.office_claim:
        clerk.office = claims.office_of(person, person.role)
    clerk.role = person.role
    clerk.is_staff = person.role in role_rights.OPEN_ADMIN.roles
