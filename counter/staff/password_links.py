"""The mailed link by which the owner of an account chooses the password.

Nobody sets the password of somebody else. The owner of a new account is invited by such
a link, and the owner of a lost password gets one when the owner or a supervisor asks.
Opening the link changes nothing, because mail programs open links by themselves.
Sending its form uses the link up, and ends all other links of the account.
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
#: The most valid links that were asked for on the sign-in page. So a stranger can
#: neither flood a mailbox nor block its owner: at the limit, valid links are in it.
OWN_RESETS_AT_ONCE: Final = 2
#: Links are deleted this long after they were asked for.
KEPT_FOR: Final = timedelta(days=30)

_SALT: Final = "counter.staff.password_links"


class LinkEndedError(CounterError):
    """The link was used or has ended or expired, or the account has another e-mail
    address or is not active.
    """

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
    account_changes.note(account=clerk, by=by, act=AccountAct.MADE, at=at)
    details = {"who": clerk}
    journal.write(Event.ACCOUNT_INVITED, details, clerk=by, office=clerk.office)


@transaction.atomic
def ask_reset(*, clerk: Clerk, by: Clerk, at: datetime) -> None:
    """Send a link because a supervisor asks for it. The present password works until
    the link is used.

    For an account whose invitation was not accepted, the link is a new invitation.
    Raises NoMailboxError.
    """
    clerk = account_changes.lock_account(clerk)
    if not clerk.email:
        raise NoMailboxError
    is_invitation = not clerk.is_accepted
    _make(clerk, asked_by=by, at=at, is_invitation=is_invitation)
    account_changes.note(account=clerk, by=by, act=AccountAct.RESET_ASKED, at=at)
    details = {"who": clerk}
    journal.write(Event.PASSWORD_LINK_ASKED, details, clerk=by, office=clerk.office)


@sensitive_variables()
def ask_own_reset(*, user_name: str, counts: Sequence[Count], at: datetime) -> None:
    """Send a link because somebody on the sign-in page asks for it, if that is allowed.

    A row is written in every case, so that neither the answer nor its duration reveals
    whether the account exists, is active, has an e-mail address or reached the limit;
    only the mail is left out. Raises StaffWaitError by `counts`
    (counter.sign_in.tries.asking_for_a_link).
    """
    tries.check_waiting(counts, at=at)
    tries.claim(counts, at=at)
    with transaction.atomic():
        clerk = Clerk.objects.filter(username=user_name).first()
        rows = _open(clerk).filter(asked_by=None, valid_until__gt=at)
        # With this limit the query takes the same time for names without an account,
        # whose rows add up.
        asked = len(rows.values_list("pk")[:OWN_RESETS_AT_ONCE])
        # An account without a password has an open invitation, or only uses the city's
        # sign-on: it gets no link here.
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
    """The links to the account's present address that were neither used nor ended.

    For None these are the links of unknown user names, which nobody can use.
    """
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
    """Set the password chosen by a link, and end all sessions of the account.

    The caller has validated `password`. Raises LinkEndedError.
    """
    clerk, hands = use(link_id=link_id, at=at)
    clerk.set_password(password)
    clerk.save(update_fields=["password"])
    single_session.end_all(clerk, why=SessionEnd.PASSWORD)
    tries.forgive_name(clerk.get_username(), StaffSecret.PASSWORD)
    journal.write(Event.PASSWORD_CHOSEN, clerk=clerk)
    # The week of same_hands begins here: only now somebody else could sign in with it.
    for by in hands:
        account_changes.note(account=clerk, by=by, act=AccountAct.PASSWORD, at=at)
    return clerk


def use(*, link_id: uuid.UUID, at: datetime) -> tuple[Clerk, set[Clerk | None]]:
    """Use a link up and end all other links of the account. Returns the account, and
    the colleagues who could have opened the link; {None} when only the owner could.

    To be called in the transaction of the change for which the link is used. Of two
    simultaneous calls only one succeeds. Raises LinkEndedError.
    """
    # Lock the account before the link: the same order as when its address is changed.
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
    """The colleagues who could have opened this link: who had it sent, and who set the
    e-mail address. {None} when there are none: then it was the owner.
    """
    people = {link.asked_by, account_changes.hand_in_mailbox(clerk)}
    return people - {None} or {None}


def end_links(clerk: Clerk, *, at: datetime) -> None:
    """End all open links of this account."""
    open_ones = PasswordLink.objects.filter(clerk=clerk, used_at=None, ended_at=None)
    open_ones.update(ended_at=at)


def why_ended(link: PasswordLink | None) -> str:
    """A sentence that says why a link does not work, and what to do.

    `link` is None when the token in the URL is not valid. Otherwise the token proves
    that the reader has the mail, so the reader may be told about the account.
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
    """End the links to the old address and record the change.

    To be called after the account got its new address. An open invitation is sent to
    the new address, but none of an account that is off: its link would be refused.
    """
    end_links(clerk, at=at)
    account_changes.note(account=clerk, by=by, act=AccountAct.EMAIL, at=at, was=was)
    if clerk.is_active and not clerk.is_accepted:
        _make(clerk, asked_by=by, at=at, is_invitation=True)


# The link


def _mac(link: PasswordLink) -> bytes:
    value = link.pk.hex + bytes(link.nonce).hex()
    return salted_hmac(_SALT, value, algorithm="sha256").digest()


def token_of(link: PasswordLink) -> str:
    """The token in the link's URL: the id and an HMAC that proves the link."""
    return mailed_links.pack(link.pk, _mac(link))


def url(link: PasswordLink) -> str:
    """The absolute URL of the link, for the mail."""
    return mailed_links.url("counter_staff:choose_password", token_of(link))


@sensitive_variables()
def find(presented: str) -> PasswordLink | None:
    """The link of a valid token, also when it was used or has ended; otherwise None.

    `presented` may have extra characters that mail programs add around a link
    (counter.email.mailed_links).
    """
    if (read := mailed_links.unpack(presented)) is None:
        return None
    pk, mac = read
    link = PasswordLink.objects.select_related("clerk__office").filter(pk=pk).first()
    if link is None or not hmac.compare_digest(_mac(link), mac):
        return None
    return link
