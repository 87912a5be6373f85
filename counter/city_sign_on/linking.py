"""Which account somebody at the city's sign-on is: by issuer and subject alone.

Those never change and are never given to somebody else. A mail address or user name
may be, so nothing is ever linked by one.
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
    """The account that is linked with this person."""
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
    """From now on this person signs in to the account. Raises CityRefusedError.

    `hands` are those who could have done it besides the owner, who is told by mail.
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
        account_changes.note(account=clerk, by=by, what=AccountAct.CITY_LINKED, at=at)


def is_for_city(link: PasswordLink, *, at: datetime) -> bool:
    """Whether an account may be linked by this mailed link, as by `accept`."""
    is_new = link.clerk is not None and not link.clerk.is_accepted
    return is_new and password_links.is_good(link, at=at)


@transaction.atomic
def accept(person: Person, *, link_id: uuid.UUID, at: datetime) -> Clerk:
    """By the mailed invitation of an account that nobody has come to yet, used up so.

    No other link does: who reads somebody's mails would get around that one's app.
    Raises CityRefusedError, LinkEndedError.
    """
    clerk, hands = password_links.use(link_id=link_id, at=at)
    if clerk.is_accepted:
        raise LinkEndedError
    link(person, clerk=clerk, at=at, hands=frozenset(hands))
    single_session.end_all(clerk, why=SessionEnd.PASSWORD)
    return clerk


@transaction.atomic
def unlink(*, clerk: Clerk, by: Clerk, at: datetime) -> bool:
    """Somebody is another person to the city now; False when there was no link.

    Every session of the account ends. It gets in again by its password, or by a link
    that is mailed.
    """
    if not CityIdentity.objects.filter(pk=clerk.pk).delete()[0]:
        return False
    single_session.end_all(clerk, why=SessionEnd.CITY_UNLINKED)
    details = {"who": clerk}
    journal.write(Event.CITY_UNLINKED, details, clerk=by, office=clerk.office)
    account_changes.note(account=clerk, by=by, what=AccountAct.CITY_UNLINKED, at=at)
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
