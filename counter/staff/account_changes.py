"""Records who changed an account, and tells those who have to notice."""

from datetime import datetime
from typing import NamedTuple

from counter.enums import AccountAct
from counter.models import AccountChange, CityIdentity, Clerk
from counter.sign_in import single_session
from counter.sign_in.session_end import SessionEnd
from counter.signals import account_changed
from counter.staff import same_hands


class Before(NamedTuple):
    """An account as it was before a change, and the supervisor who is told of it.

    Looked up before the change, because that may be about this supervisor, or the
    office.
    """

    account: Clerk
    told: Clerk | None


def before(account: Clerk, *, by: Clerk | None, at: datetime) -> Before:
    """Lock the account until the transaction ends, and return it as it is.

    To be called in the transaction of the change.
    """
    rows = Clerk.objects.select_for_update(of=("self",), no_key=True)
    was: Clerk = rows.get(pk=account.pk)
    return Before(was, second_supervisor(was, by, at=at))


def note(
    *,
    account: Clerk,
    by: Clerk | None,
    what: AccountAct,
    at: datetime,
    was: Before | None = None,
) -> None:
    """Record a change in its own transaction; its owner and a second supervisor are
    told.

    `by` is None for a command on the machine, or the owner. `was` is the account
    before, where the change is of an address, an office or a role.
    """
    second = was.told if was else None
    if second is None:  # then one of the office that somebody was moved to
        second = second_supervisor(account, by, at=at)
    change = AccountChange.objects.create(
        account=account,
        by=by,
        what=what,
        at=at,
        old_email=was.account.email if was else account.email,
        told=second,
        told_email=second.email if second else "",
    )
    account_changed.send(sender=AccountChange, change=change)


def note_place(*, account: Clerk, was: Before, by: Clerk | None, at: datetime) -> None:
    """Record what a saved form changed: whether the account is on, its role, its
    office.

    Each of these ends the account's sessions, with the reason for who was signed in.
    `by` None is the city, by its sign-on (counter.city_sign_on.arriving).
    """
    old = was.account
    switched = AccountAct.SWITCHED_ON if account.is_active else AccountAct.SWITCHED_OFF
    changes = (
        (account.role != old.role, AccountAct.ROLE, SessionEnd.ROLE),
        (account.office_id != old.office_id, AccountAct.OFFICE, SessionEnd.OFFICE),
        (account.is_active != old.is_active, switched, SessionEnd.SWITCHED_OFF),
    )
    if by is not None and account.is_active != old.is_active:
        # What somebody here decides the city's next word does not undo.
        CityIdentity.objects.filter(pk=account.pk).update(is_off=False)
    for is_changed, what, why in changes:
        if is_changed:
            single_session.end_all(account, why=why)
            note(account=account, by=by, what=what, at=at, was=was)


def second_supervisor(
    account: Clerk, by: Clerk | None, *, at: datetime
) -> Clerk | None:
    """Return the supervisor who is told: of the office, longest in it, and not
    concerned.

    Nobody concerned may be able to read that supervisor's mails. When the office has
    none and the change comes from above the offices, it is one of another office: who
    makes an office could otherwise make its supervisor unseen. None when there is no
    such supervisor with a mailbox.
    """
    concerned = [account, by] if by else [account]
    rows = Clerk.objects.supervisors().exclude(email="")
    here = rows.filter(office=account.office_id)
    if by is not None and by.sees_every_office and not here.exists():
        here = rows
    others: list[Clerk] = list(here.order_by("date_joined", "pk"))
    hands = same_hands.mailbox_hands([*concerned, *others], at=at)
    taken = set().union(*(hands[clerk.pk] for clerk in concerned))
    return next((one for one in others if not hands[one.pk] & taken), None)


def hand_in_mailbox(account: Clerk) -> Clerk | None:
    """Return who gave the account its mailbox, until a first password was chosen there.

    A link goes to that mailbox whoever asks for it, so the first password after that
    may be theirs. None for a mailbox by a command on the machine.
    """
    acts = AccountChange.objects.filter(account=account).select_related("by")
    given = acts.of_mailbox().exclude(by=account).order_by("-at", "pk").first()
    if given is None or given.by is None:
        return None
    ways = (AccountAct.PASSWORD, AccountAct.CITY_LINKED)
    chosen = acts.filter(what__in=ways, by=given.by, at__gte=given.at)
    return None if chosen.exists() else given.by


def hand_in_app(account: Clerk) -> Clerk | None:
    """Return who reset the last app or made the account, so that an app can be set up
    now.

    None for the owner, and for a command on the machine.
    """
    acts = AccountChange.objects.filter(account=account).select_related("by")
    opened = acts.filter(what__in=(AccountAct.MADE, AccountAct.APP_RESET))
    last = opened.order_by("-at", "pk").first()
    return last.by if last and last.by != account else None
