"""Inviting a colleague again, and withdrawing an invitation.

An account is made by inviting its owner (counter.staff.password_links.invite): a mail
with a link that is good for 48 hours. Who never used one has no password yet.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from counter.database.choices import Choices
from counter.enums import AccountAct
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.staff import account_changes, password_links
from counter.staff.account_changes import Before


class Standing(Choices):
    """What an account is, in a word."""

    AT_WORK = "at_work", _("in use")
    INVITED = "invited", _("invited")
    WITHDRAWN = "withdrawn", _("invitation withdrawn")
    OFF = "off", _("switched off")


class AcceptedError(CounterError):
    """The invitation was used: there is an account in use, or one that was."""

    def __init__(self) -> None:
        super().__init__(
            _("This colleague chose a password already: it is no invitation any more.")
        )


def standing(clerk: Clerk) -> Standing:
    if clerk.has_usable_password():
        return Standing.AT_WORK if clerk.is_active else Standing.OFF
    return Standing.INVITED if clerk.is_active else Standing.WITHDRAWN


@transaction.atomic
def send_again(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """Another mail with a link for 48 hours; the one before works no more.

    One that was withdrawn is an invitation again. Raises AcceptedError, NoMailboxError.
    """
    was = _not_accepted(clerk, by, at=at)
    password_links.end_links(clerk, at=at)
    if not was.account.is_active:
        # Nobody was signed in with it yet, and the new mail says all: no other one.
        _switch(clerk, is_on=True)
    password_links.ask_reset(clerk=clerk, by=by, at=at)


@transaction.atomic
def withdraw(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """No link works any more, and the account is off. Raises AcceptedError."""
    was = _not_accepted(clerk, by, at=at)
    password_links.end_links(clerk, at=at)
    if was.account.is_active:
        _switch(clerk, is_on=False)
        off = AccountAct.SWITCHED_OFF
        account_changes.note(account=clerk, by=by, what=off, at=at, was=was)
        details = {"who": clerk.get_username()}
        journal.write(
            Event.INVITATION_WITHDRAWN, details, clerk=by, office=clerk.office
        )


def _not_accepted(clerk: Clerk, by: Clerk, *, at: datetime) -> Before:
    """The account as it is now, locked: at the same instant it may be accepted."""
    was = account_changes.before(clerk, by=by, at=at)
    if was.account.has_usable_password():
        raise AcceptedError
    return was


def _switch(clerk: Clerk, *, is_on: bool) -> None:
    clerk.is_active = is_on
    clerk.save(update_fields=["is_active"])
