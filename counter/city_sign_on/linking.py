"""Links accounts with persons at the city's sign-on, only by issuer and subject.

These never change and are never given to another person. A mail address or user name
may be, so no account is linked by one.
"""

import hashlib
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from counter.city_sign_on.claims import Person
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.crypto.encryption import UnsealError
from counter.enums import AccountAct
from counter.journal import journal
from counter.journal.events import Event
from counter.models import CityIdentity, Clerk, PasswordLink
from counter.sign_in import single_session
from counter.sign_in.session_end import SessionEnd
from counter.staff import account_changes, password_links
from counter.staff.password_links import LinkEndedError


def is_linked(clerk: Clerk) -> bool:
    return CityIdentity.objects.filter(pk=clerk.pk).exists()


def find(person: Person) -> Clerk | None:
    """The account that is linked with this person, or None."""
    rows = CityIdentity.objects.select_related("clerk__office", "clerk__sign_in__desk")
    row = rows.filter(mark=_mark(person)).first()
    return row.clerk if row and _is_whole(row, person) else None


@transaction.atomic
def link(
    person: Person,
    *,
    clerk: Clerk,
    at: datetime,
    hands: frozenset[Clerk | None] = frozenset({None}),
) -> None:
    """Link the account, so that this person signs in to it. Raises CityRefusedError.

    `hands` are the colleagues who could have linked it instead of the owner. The owner
    is told by mail.
    """
    row = CityIdentity(clerk=clerk, mark=_mark(person), linked_at=at)
    row.subject = _subject(person)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise CityRefusedError(Why.LINKED_BEFORE) from None
    journal.write(Event.CITY_LINKED, {"who": clerk}, office=clerk.office)
    for by in hands:
        account_changes.note(account=clerk, by=by, act=AccountAct.CITY_LINKED, at=at)


def is_for_city(link: PasswordLink, *, at: datetime) -> bool:
    """Whether `accept` can link an account by this mailed link."""
    is_new = link.clerk is not None and not link.clerk.is_accepted
    return is_new and password_links.is_good(link, at=at)


@transaction.atomic
def accept(person: Person, *, link_id: uuid.UUID, at: datetime) -> Clerk:
    """Link the account of a mailed invitation, use up the link, return the account.

    Only an account that is not accepted yet can be linked by a mailed link. Otherwise a
    person who reads a colleague's mail could sign in to the account without the app.
    Raises CityRefusedError and LinkEndedError.
    """
    clerk, hands = password_links.use(link_id=link_id, at=at)
    if clerk.is_accepted:
        raise LinkEndedError
    link(person, clerk=clerk, at=at, hands=frozenset(hands))
    single_session.end_all(clerk, why=SessionEnd.PASSWORD)
    return clerk


@transaction.atomic
def unlink(*, clerk: Clerk, by: Clerk, at: datetime) -> bool:
    """Remove the account's link; False when there was none.

    Every session of the account ends. Its owner can sign in again with a password, or
    with a mailed link.
    """
    if not CityIdentity.objects.filter(pk=clerk.pk).delete()[0]:
        return False
    single_session.end_all(clerk, why=SessionEnd.CITY_UNLINKED)
    details = {"who": clerk}
    journal.write(Event.CITY_UNLINKED, details, clerk=by, office=clerk.office)
    account_changes.note(account=clerk, by=by, act=AccountAct.CITY_UNLINKED, at=at)
    return True


def _is_whole(row: CityIdentity, person: Person) -> bool:
    try:
        return row.subject == _subject(person)
    except UnsealError:
        return False


def _subject(person: Person) -> str:
    return f"{person.issuer}\n{person.subject}"


def _mark(person: Person) -> bytes:
    return hashlib.sha256(_subject(person).encode()).digest()
