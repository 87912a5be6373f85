"""Makes an account at the first sign-in, if CITY_SIGN_ON_MAKES_ACCOUNTS is on.

The setting is off by default: then a supervisor has to invite a colleague first. An
account made here has no password, and no colleague controls it
(counter.staff.same_hands).
"""

from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from counter.city_sign_on import claims, linking
from counter.city_sign_on.claims import Person
from counter.city_sign_on.provider import Provider
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.enums import AccountAct, Role
from counter.journal import recorded_models
from counter.models import Clerk, Office
from counter.roles import role_rights
from counter.staff import account_changes


def make(person: Person, *, provider: Provider, at: datetime) -> Clerk:
    """Make an account for this person, and link it. Raises CityRefusedError.

    It is also raised when another account has the user name or the address, and when
    one of them cannot be used here, such as a user name with a space.
    """
    role = person.role
    if role is None:
        raise CityRefusedError(Why.NO_ROLE)
    if not person.first_name or not person.last_name or not person.user_name:
        raise CityRefusedError(Why.NO_NAME)
    office = _office(person, role, provider)
    clerk = Clerk(
        username=Clerk.normalize_username(person.user_name).lower(),
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        role=role,
        office=office,
        is_staff=role in role_rights.OPEN_ADMIN.roles,
    )
    clerk.set_unusable_password()
    try:
        clerk.full_clean(exclude=["password"])
    except ValidationError as error:
        raise CityRefusedError(_why_not(error)) from None
    with recorded_models.changed_by(lambda: None), transaction.atomic():
        try:
            with transaction.atomic():
                clerk.save()
        except IntegrityError:
            raise CityRefusedError(Why.NAME_TAKEN) from None
        account_changes.note(account=clerk, by=None, act=AccountAct.MADE, at=at)
        linking.link(person, clerk=clerk, at=at)
    return clerk


def _why_not(error: ValidationError) -> Why:
    """Why the account with these errors cannot be made.

    An error of no field is that of the address, which another account has.
    """
    errors = error.error_dict
    codes = {one.code for one in errors.get("username", ())}
    is_taken = "unique" in codes or NON_FIELD_ERRORS in errors
    return Why.NAME_TAKEN if is_taken else Why.UNUSABLE


def _office(person: Person, role: Role, provider: Provider) -> Office | None:
    """The office that the city names; without such a claim, the only office."""
    if provider.office_claim:
        return claims.office_of(person, role)
    offices = list(Office.objects.all()[:2])
    if len(offices) != 1:
        raise CityRefusedError(Why.NO_OFFICE)
    return offices[0]
