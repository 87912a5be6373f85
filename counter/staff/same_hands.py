"""Decides whether one person may control two accounts. Then the two count as one person
wherever a second person has to agree.

A colleague who makes an account, has its password link sent, changes its e-mail address
or resets its app may be able to sign in with it. So for a week the two accounts count
as one person. The same holds for two accounts that one colleague changed, also
indirectly through a third account (docs/decisions/041-accounts-in-other-hands.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from counter.enums import AccountAct
from counter.exceptions import CounterError
from counter.models import AccountChange, Clerk
from counter.querysets import AccountChangeQuerySet

FOR: Final = timedelta(days=7)


class SameHandsError(CounterError):
    """Two persons have to agree, but the two accounts count as one person."""


class _Act(NamedTuple):
    """A change by `by` that could give `by` access to `account`."""

    account: int
    by: int
    at: datetime


def why_not(
    first: Clerk,
    second: Clerk,
    *,
    at: datetime,
    acted_at: datetime | None = None,
    may_alone: bool = False,
) -> str:
    """Return a sentence why `second` is not a second person beside `first`; "" when
    `second` is.

    `acted_at` is when `first` did the act to which `second` agrees, if that was
    earlier: the accounts must have been separate then too, so that nobody can just wait
    for the week to end. `may_alone` means that `second` may do the act alone. Then
    `second` gains nothing by controlling the account of `first`, and only acts of
    others count.
    """
    if first.pk == second.pk:
        return ""
    both = {first.pk, second.pk}
    acts = _acts(both, AccountChange.objects.giving_hands())

    def is_one(when: datetime) -> bool:
        return bool(_shared(acts, first, second, at=when, may_alone=may_alone))

    if acted_at is not None and is_one(acted_at):
        return _(
            "%(first)s and %(second)s counted as one person when this was done. Ask "
            "somebody else."
        ) % {"first": first, "second": second}
    if not is_one(at):
        return ""
    # An act on one of the two accounts counts for a week.
    ends = sorted(act.at + FOR for act in acts if act.account in both)
    until = next(end for end in ends if end > at and not is_one(end))
    return _one_person_until(first, second, until)


def _one_person_until(first: Clerk, second: Clerk, until: datetime) -> str:
    return _(
        "%(first)s and %(second)s count as one person until %(until)s: one account was "
        "made, or given a new password, mailbox or app, by the other or by the same "
        "colleague. Ask somebody else."
    ) % {
        "first": first,
        "second": second,
        "until": date_format(localtime(until), "SHORT_DATETIME_FORMAT"),
    }


def refuse(
    first: Clerk,
    second: Clerk,
    *,
    at: datetime,
    acted_at: datetime | None = None,
    may_alone: bool = False,
) -> None:
    """As `why_not`, for services: raises SameHandsError with the sentence."""
    if sentence := why_not(
        first, second, at=at, acted_at=acted_at, may_alone=may_alone
    ):
        raise SameHandsError(sentence)


def mailbox_hands(accounts: Sequence[Clerk], *, at: datetime) -> Mapping[int, set[int]]:
    """Return, for each account, the ids of those who may read its mails.

    These are the owner, and whoever made the account or changed its address within the
    last week, unless the account has its earlier address again.
    """
    ids = [account.pk for account in accounts]
    undone = _undone(accounts, at=at)
    acts = [
        act
        for act in _acts(ids, AccountChange.objects.of_mailbox().by_others())
        if act.account not in undone or act.at < undone[act.account]
    ]
    return {account: _hands(acts, account, at=at) for account in ids}


def _undone(accounts: Sequence[Clerk], *, at: datetime) -> dict[int, datetime]:
    """Accounts that have an earlier address again, with when they had lost it."""
    own = {account.pk: account.email.casefold() for account in accounts}
    changes = AccountChange.objects.filter(
        account__in=own, act=AccountAct.EMAIL, at__gt=at - FOR
    )
    rows = changes.order_by("-at").values_list("account", "old_email", "at")
    return {
        account: when for account, old, when in rows if old.casefold() == own[account]
    }


def _acts(
    accounts: Iterable[int], rows: AccountChangeQuerySet[AccountChange]
) -> list[_Act]:
    """All acts on these accounts, on the accounts of those who did them, and so on.

    One query for each step, however many accounts there are.
    """
    acts: list[_Act] = []
    known: set[int] = set()
    new = set(accounts)
    while new:
        new_rows = rows.filter(account__in=new).values_list("account", "by", "at")
        acts += [_Act(*row) for row in new_rows]
        known |= new
        new = {act.by for act in acts} - known
    return acts


def _shared(
    acts: list[_Act], first: Clerk, second: Clerk, *, at: datetime, may_alone: bool
) -> set[int]:
    shared = _hands(acts, first.pk, at=at) & _hands(acts, second.pk, at=at)
    return shared - {second.pk} if may_alone else shared


def _hands(acts: list[_Act], account: int, *, at: datetime) -> set[int]:
    """The ids of those who may control the account at `at`, by acts of the week before.

    For each act, the account of its actor is examined too, for acts of the week before
    that act: somebody else may have controlled the actor's account then. Later acts on
    it do not count.
    """
    hands = {account}
    seen: set[_Act] = set()
    to_do = [(account, at)]
    while to_do:
        current, until = to_do.pop()
        for act in acts:
            is_in_time = until - FOR < act.at <= until
            if act.account == current and is_in_time and act not in seen:
                seen.add(act)
                hands.add(act.by)
                to_do.append((act.by, act.at))
    return hands
