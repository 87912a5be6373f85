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
    """The state of an account in one word."""

    AT_WORK = "at_work", _("in use")
    INVITED = "invited", _("invited")
    WITHDRAWN = "withdrawn", _("invitation withdrawn")
    OFF = "off", _("switched off")


class AcceptedError(CounterError):
    """The invitation was used: the account is, or was, in use."""

    def __init__(self) -> None:
        super().__init__(
            _("This colleague has come already: it is no invitation any more.")
        )


def standing(clerk: Clerk) -> Standing:
    if clerk.is_accepted:
        return Standing.AT_WORK if clerk.is_active else Standing.OFF
    return Standing.INVITED if clerk.is_active else Standing.WITHDRAWN


@transaction.atomic
def send_again(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """Send another link for 48 hours; the one before ends.

    An invitation that was withdrawn is valid again. Raises AcceptedError,
    NoMailboxError.
    """
    was = _not_accepted(clerk, by, at=at)
    password_links.end_links(clerk, at=at)
    if not was.account.is_active:
        # Nobody has used the account yet, and one mail says everything.
        _switch(clerk, is_on=True)
    password_links.ask_reset(clerk=clerk, by=by, at=at)


@transaction.atomic
def withdraw(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """End every link and switch the account off. Raises AcceptedError."""
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
    """Lock the account, and return it as it is.

    Raises AcceptedError: it may be accepted at the same instant.
    """
    was = account_changes.before(clerk, by=by, at=at)
    if was.account.is_accepted:
        raise AcceptedError
    return was


def _switch(clerk: Clerk, *, is_on: bool) -> None:
    clerk.is_active = is_on
    clerk.save(update_fields=["is_active"])
