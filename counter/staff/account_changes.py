"""Records changes of accounts; their owner and a second supervisor are told."""

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

    Both are looked up before the change, because it may be a change of that supervisor
    or of the office.
    """

    account: Clerk
    second_supervisor: Clerk | None


def before(account: Clerk, *, by: Clerk | None, at: datetime) -> Before:
    """Lock the account until the transaction ends, and return it as it is now.

    To be called in the transaction of the change.
    """
    was = lock_account(account)
    return Before(was, second_supervisor(was, by, at=at))


def lock_account(account: Clerk) -> Clerk:
    """Lock the account until the transaction ends, and return it as it is now."""
    rows = Clerk.objects.select_for_update(of=("self",), no_key=True)
    locked: Clerk = rows.get(pk=account.pk)
    return locked


def note(
    *,
    account: Clerk,
    by: Clerk | None,
    act: AccountAct,
    at: datetime,
    was: Before | None = None,
) -> None:
    """Record a change; the owner and a second supervisor get a mail.

    To be called in the transaction of the change. `by` is None for a management
    command, or for the owner. `was` is needed for a change of an address, office or
    role: it is the account before the change.
    """
    second = was.second_supervisor if was else None
    if second is None:  # look in the present office: the account may have moved
        second = second_supervisor(account, by, at=at)
    change = AccountChange.objects.create(
        account=account,
        by=by,
        act=act,
        at=at,
        old_email=was.account.email if was else account.email,
        second_supervisor=second,
        second_email=second.email if second else "",
    )
    account_changed.send(sender=AccountChange, change=change)


def note_place(*, account: Clerk, was: Before, by: Clerk | None, at: datetime) -> None:
    """Record what was changed of these: whether the account is active, role, office.

    Each such change ends the account's sessions; its owner is told the reason. `by` is
    None when the city's sign-on made the change (counter.city_sign_on.arriving).
    """
    old = was.account
    switched = AccountAct.SWITCHED_ON if account.is_active else AccountAct.SWITCHED_OFF
    changes = (
        (account.role != old.role, AccountAct.ROLE, SessionEnd.ROLE),
        (account.office_id != old.office_id, AccountAct.OFFICE, SessionEnd.OFFICE),
        (account.is_active != old.is_active, switched, SessionEnd.SWITCHED_OFF),
    )
    if by is not None and account.is_active != old.is_active:
        # A colleague decided this, so the city's sign-on must not undo it later.
        CityIdentity.objects.filter(pk=account.pk).update(is_off=False)
    for is_changed, act, why in changes:
        if is_changed:
            single_session.end_all(account, why=why)
            note(account=account, by=by, act=act, at=at, was=was)


def second_supervisor(
    account: Clerk, by: Clerk | None, *, at: datetime
) -> Clerk | None:
    """Return the supervisor who is told of a change by `by` of this account.

    It is the one with the oldest account in the office whose mails neither `by` nor the
    owner of the account can read. When the office has no supervisor and `by` sees every
    office, it is a supervisor of another office: otherwise somebody could create an
    office and its supervisor unnoticed. None when there is no such supervisor with an
    e-mail address.
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
    """Return the colleague who set the account's present e-mail address, until a
    password was chosen by a link to that address.

    That colleague may be able to read the mails, so the first password after it may be
    theirs. None when the owner or a management command set the address.
    """
    acts = AccountChange.objects.filter(account=account).select_related("by")
    address_change = acts.of_mailbox().exclude(by=account).order_by("-at", "pk").first()
    if address_change is None or address_change.by is None:
        return None
    ways_in = (AccountAct.PASSWORD, AccountAct.CITY_LINKED)
    chosen = acts.filter(
        act__in=ways_in, by=address_change.by, at__gte=address_change.at
    )
    return None if chosen.exists() else address_change.by


def hand_in_app(account: Clerk) -> Clerk | None:
    """Return the colleague who last reset the app or made the account: whoever did that
    may be the one who sets up the next app.

    None for the owner, and for a management command.
    """
    acts = AccountChange.objects.filter(account=account).select_related("by")
    opened = acts.filter(act__in=(AccountAct.MADE, AccountAct.APP_RESET))
    last = opened.order_by("-at", "pk").first()
    return last.by if last and last.by != account else None
