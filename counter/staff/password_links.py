"""The mailed link by which the owner of an account chooses the password.

Nobody sets another's password: an account is made by inviting its owner, and a lost
password is chosen anew, at the supervisor's or the owner's asking. Opening the link
writes nothing, since machines open mailed links. Sending the form uses it up, with
every other link there is for the account.
"""

import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from counter.email import mailed_links
from counter.enums import AccountAct, StaffSecret
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, PasswordLink
from counter.sign_in import single_session, tries
from counter.sign_in.session_end import SessionEnd
from counter.sign_in.tries import Count
from counter.signals import password_link_made
from counter.staff import account_changes
from counter.staff.account_changes import Before

INVITED_FOR: Final = timedelta(hours=48)
RESET_FOR: Final = timedelta(hours=1)
#: By the sign-in page, of those that work. A stranger does not fill a mailbox, and does
#: not use up its owner's mails either: there is always one that she can use.
OWN_RESETS_AT_ONCE: Final = 2
#: An asked-for link is of no use to anybody after this, and goes.
KEPT_FOR: Final = timedelta(days=30)

_SALT: Final = "counter.staff.password_links"


class LinkEndedError(CounterError):
    """The link is used or too old, or the account has another mailbox or is off."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This link no longer works. Ask for a new one."))


class NoMailboxError(CounterError):
    """The account has no e-mail address to send a link to."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Fill in the e-mail address of this account first.")
        )


@transaction.atomic
def invite(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """Send the owner of a new account a link to choose the password."""
    _make(clerk, asked_by=by, at=at, is_invitation=True)
    account_changes.note(account=clerk, by=by, what=AccountAct.MADE, at=at)
    details = {"who": clerk.get_username()}
    journal.write(Event.ACCOUNT_INVITED, details, clerk=by, office=clerk.office)


@transaction.atomic
def ask_reset(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """Send a link at a supervisor's asking; the present password works until it is
    used.

    Who never used the invitation is invited again. Raises NoMailboxError.
    """
    if not clerk.email:
        raise NoMailboxError
    is_invitation = not clerk.is_accepted
    _make(clerk, asked_by=by, at=at, is_invitation=is_invitation)
    account_changes.note(account=clerk, by=by, what=AccountAct.RESET_ASKED, at=at)
    details = {"who": clerk.get_username()}
    journal.write(Event.PASSWORD_LINK_ASKED, details, clerk=by, office=clerk.office)


@sensitive_variables()
def ask_own_reset(*, user_name: str, counts: Sequence[Count], at: datetime) -> None:
    """Send a link at the asking of somebody at the sign-in page, if that is to be done.

    The same is done whether or not the account exists, has a mailbox, is switched on or
    was asked for often: a row is written, and the mail is sent or not. Raises
    StaffWaitError by `counts` (counter.sign_in.tries.asking_for_a_link).
    """
    tries.check_waiting(counts, at=at)
    tries.claim(counts, at=at)
    with transaction.atomic():
        clerk = Clerk.objects.filter(username=user_name).first()
        rows = _open(clerk).filter(asked_by=None, valid_until__gt=at)
        # Without this limit, names of no account would take longer and longer.
        asked = len(rows.values_list("pk")[:OWN_RESETS_AT_ONCE])
        # Without a password it is an invitation, which ends after its 48 hours.
        is_fit = (
            clerk is not None
            and clerk.is_active
            and clerk.has_usable_password()
            and bool(clerk.email)
        )
        if not is_fit or asked >= OWN_RESETS_AT_ONCE:
            clerk = None
        _make(clerk, asked_by=None, at=at, is_invitation=False)


def _open(clerk: Clerk | None) -> QuerySet[PasswordLink]:
    """Links to the present mailbox that still work. Of no account there are none."""
    email = clerk.email if clerk else ""
    rows = PasswordLink.objects.filter(clerk=clerk, email=email)
    return rows.filter(used_at=None, ended_at=None)


def _make(
    clerk: Clerk | None, *, asked_by: Clerk | None, at: datetime, is_invitation: bool
) -> None:
    link = PasswordLink.objects.create(
        clerk=clerk,
        email=clerk.email if clerk else "",
        asked_by=asked_by,
        is_invitation=is_invitation,
        asked_at=at,
        valid_until=at + (INVITED_FOR if is_invitation else RESET_FOR),
    )
    password_link_made.send(sender=PasswordLink, link=link)


def is_good(link: PasswordLink, *, at: datetime) -> bool:
    """Whether a password can be chosen by this link now."""
    clerk = link.clerk
    return (
        clerk is not None
        and clerk.is_active
        and clerk.email == link.email
        and link.used_at is None
        and link.ended_at is None
        and at < link.valid_until
    )


@sensitive_variables()
@transaction.atomic
def choose_password(*, link_id: uuid.UUID, password: str, at: datetime) -> Clerk:
    """Set the password that the owner chose by a link; all sessions of the account end.

    `password` has been validated. Raises LinkEndedError.
    """
    clerk, hands = use(link_id=link_id, at=at)
    clerk.set_password(password)
    clerk.save(update_fields=["password"])
    single_session.end_all(clerk, why=SessionEnd.PASSWORD)
    tries.forgive_name(clerk.get_username(), StaffSecret.PASSWORD)
    journal.write(Event.PASSWORD_CHOSEN, clerk=clerk)
    # The week begins anew: only from here on somebody else could be signed in with it.
    for by in hands:
        account_changes.note(account=clerk, by=by, what=AccountAct.PASSWORD, at=at)
    return clerk


def use(*, link_id: uuid.UUID, at: datetime) -> tuple[Clerk, set[Clerk | None]]:
    """Use a link up, in the transaction of what it is used for: whose it is, and who
    could have used it. Every other link of the account ends.

    Of two at once one succeeds. Raises LinkEndedError.
    """
    # The account's row first, as where its address is changed.
    of_link = PasswordLink.objects.filter(pk=link_id).values("clerk")
    accounts = Clerk.objects.select_for_update(of=("self",), no_key=True)
    accounts.filter(pk__in=of_link).first()
    rows = PasswordLink.objects.select_related("clerk__office", "asked_by")
    link = rows.select_for_update(of=("self",)).get(pk=link_id)
    clerk = link.clerk
    if clerk is None or not is_good(link, at=at):
        raise LinkEndedError
    PasswordLink.objects.filter(clerk=clerk, used_at=None, ended_at=None).exclude(
        pk=link.pk
    ).update(ended_at=at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    return clerk, _hands(link, clerk)


def _hands(link: PasswordLink, clerk: Clerk) -> set[Clerk | None]:
    """Those who could have chosen by this link: who had it sent, who set the mailbox.

    None in it is the owner.
    """
    people = {link.asked_by, account_changes.hand_in_mailbox(clerk)}
    return people - {None} or {None}


def end_links(clerk: Clerk, *, at: datetime) -> None:
    """End every link that there is for this account."""
    open_ones = PasswordLink.objects.filter(clerk=clerk, used_at=None, ended_at=None)
    open_ones.update(ended_at=at)


def why_ended(link: PasswordLink | None) -> str:
    """Why a link does not work, and what helps, as a sentence.

    `link` is None when nobody made it. Any other was proved, so its reader has the mail
    and may be told.
    """
    clerk = link.clerk if link else None
    if link is None:
        return _(
            "This is no link of ours, or a piece of it is missing. Open it from the "
            "mail itself, or copy all of it."
        )
    if link.used_at is not None:
        return _("This link was used already. Sign in with the password you chose.")
    if clerk is None or not clerk.is_active:
        return _(
            "This account is switched off, or its invitation was withdrawn. Ask your "
            "supervisor."
        )
    if link.ended_at is not None or clerk.email != link.email:
        return _("A newer mail took the place of this link. Open the newest one.")
    if link.is_invitation:
        return _(
            "This invitation was good for 48 hours. Ask your supervisor to send it "
            "again."
        )
    return _("This link was good for an hour. Have a new one sent.")


@transaction.atomic
def change_email(*, clerk: Clerk, was: Before, by: Clerk, at: datetime) -> None:
    """End the links to the old mailbox; the account has just got another."""
    end_links(clerk, at=at)
    account_changes.note(account=clerk, by=by, what=AccountAct.EMAIL, at=at, was=was)
    if not clerk.is_accepted:
        _make(clerk, asked_by=by, at=at, is_invitation=True)


# The link


def _mac(link: PasswordLink) -> bytes:
    value = link.pk.hex + bytes(link.nonce).hex()
    return salted_hmac(_SALT, value, algorithm="sha256").digest()


def token_of(link: PasswordLink) -> str:
    """What proves it."""
    return mailed_links.pack(link.pk, _mac(link))


def url(link: PasswordLink) -> str:
    """The whole link, for the mail."""
    return mailed_links.url("counter_staff:choose_password", token_of(link))


@sensitive_variables()
def find(presented: str) -> PasswordLink | None:
    """The link that a token proves, whatever became of it; None for an invented one.

    `presented` may have around it what mail programs leave
    (counter.email.mailed_links).
    """
    if (read := mailed_links.unpack(presented)) is None:
        return None
    pk, mac = read
    link = PasswordLink.objects.select_related("clerk__office").filter(pk=pk).first()
    if link is None or not hmac.compare_digest(_mac(link), mac):
        return None
    return link
