"""Invites a colleague again, and withdraws an invitation.

A new account has no password. Its owner gets an invitation: a mail with a link that is
valid for 48 hours (counter.staff.password_links.invite).
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


class AccountStatus(Choices):
    """The state of an account."""

    AT_WORK = "at_work", _("in use")
    INVITED = "invited", _("invited")
    WITHDRAWN = "withdrawn", _("invitation withdrawn")
    OFF = "off", _("switched off")


class AcceptedError(CounterError):
    """The invitation was accepted already."""

    def __init__(self) -> None:
        super().__init__(
            _("This colleague has come already: it is no invitation any more.")
        )


def account_status(clerk: Clerk) -> AccountStatus:
    if clerk.is_accepted:
        return AccountStatus.AT_WORK if clerk.is_active else AccountStatus.OFF
    return AccountStatus.INVITED if clerk.is_active else AccountStatus.WITHDRAWN


@transaction.atomic
def send_again(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """Send a new link that is valid for 48 hours; all earlier links end.

    A withdrawn invitation becomes valid again: the account is switched on. Raises
    AcceptedError and NoMailboxError.
    """
    was = _not_accepted(clerk, by, at=at)
    clerk = was.account
    password_links.end_links(clerk, at=at)
    if not clerk.is_active:
        _switch(clerk, is_on=True)
        if clerk.last_login:
            # A colleague who left comes back: the owner and a second supervisor are
            # told. Of an account that nobody has used, the invitation is mail enough.
            on = AccountAct.SWITCHED_ON
            account_changes.note(account=clerk, by=by, act=on, at=at, was=was)
    password_links.ask_reset(clerk=clerk, by=by, at=at)


@transaction.atomic
def withdraw(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """End every link and switch the account off. Raises AcceptedError."""
    was = _not_accepted(clerk, by, at=at)
    clerk = was.account
    password_links.end_links(clerk, at=at)
    if clerk.is_active:
        _switch(clerk, is_on=False)
        off = AccountAct.SWITCHED_OFF
        account_changes.note(account=clerk, by=by, act=off, at=at, was=was)
        details = {"who": clerk}
        journal.write(
            Event.INVITATION_WITHDRAWN, details, clerk=by, office=clerk.office
        )


def _not_accepted(clerk: Clerk, by: Clerk, *, at: datetime) -> Before:
    """Lock the account and return it as it is now.

    Raises AcceptedError when the owner has accepted the invitation meanwhile.
    """
    was = account_changes.before(clerk, by=by, at=at)
    if was.account.is_accepted:
        raise AcceptedError
    return was


def _switch(clerk: Clerk, *, is_on: bool) -> None:
    clerk.is_active = is_on
    clerk.save(update_fields=["is_active"])
