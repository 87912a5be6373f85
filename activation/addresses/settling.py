"""An objection of the address before, settled where there is no address to put right.

Until the code that is done by putting the address right (activation.codes.reissuing).
When a key was made, the code is on hold or the dossier is closed, a supervisor only
says what came of it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activation.addresses.changed_addresses import note_settled
from activation.addresses.same_visit import SupervisorNeededError
from activation.codes.reissuing import UNUSED, unused_code
from activation.enums import Change, CodeState, Settled
from activation.models import AddressChange, DigitalKey, HolderChange
from counter.dossiers.document_seen import note_document
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.people.person import may_approve


class NothingToSettleError(CounterError):
    """Nobody objected, a colleague settled it, or the address has to be put right."""


class MoneyUndecidedError(CounterError):
    """The code on hold comes back when the money stays, and goes by the address."""


class KeyStillWorksError(CounterError):
    """A key works that may not be the person's: made since the change, or of an
    account whose password or contact address was set since.
    """


def is_settled_by_address(dossier: Dossier, *, at: datetime) -> bool:
    """Whether the address can be put right: that settles it, and gives a code."""
    if dossier.state == DossierState.RECORDED:
        return True
    return unused_code(dossier, at=at) is not None


@transaction.atomic
def settle_objection(
    *,
    dossier: Dossier,
    clerk: Clerk,
    supervisor: Clerk | None,
    outcome: Settled,
    document_seen: bool,
    at: datetime,
) -> None:
    """A supervisor looked at it; what came of it is in the journal.

    That the person asked for the change needs the person with the document; that nobody
    did needs each key made since revoked, and no code on hold, which would come back
    for the disputed address. Raises NothingToSettleError, SupervisorNeededError,
    DocumentNotSeenError, MoneyUndecidedError, KeyStillWorksError, or OwnChangeError
    when she made the change or agreed to it.
    """
    if supervisor is None or not may_approve(supervisor, clerk):
        raise SupervisorNeededError
    still = Dossier.objects.select_for_update(of=("self",), no_key=True).get(
        pk=dossier.pk
    )
    first = (
        AddressChange.objects.disputed().filter(dossier=still).order_by("at").first()
    )
    if first is None or is_settled_by_address(still, at=at):
        raise NothingToSettleError(
            _("There is nothing to settle any more. Look at the dossier again.")
        )
    if outcome == Settled.ASKED_FOR:
        note_document(seen=document_seen, dossier=dossier, clerk=clerk)
    else:
        _refuse_what_works(still, first.at, at=at)
    note_settled(dossier, outcome, supervisor=supervisor, at=at)


def _refuse_what_works(dossier: Dossier, since: datetime, *, at: datetime) -> None:
    # What can be replaced is looked for again: a hold may have ended a moment ago.
    unused = Q(state__in=UNUSED, valid_until__gt=at)
    if dossier.codes.filter(Q(state=CodeState.HELD) | unused).exists():
        raise MoneyUndecidedError(
            _("The code is on hold. Decide first whether the money goes back.")
        )
    if _has_key_since(dossier, since, at=at):
        raise KeyStillWorksError(
            _("A key that was made since still works. Revoke it first.")
        )
    if _is_account_changed_since(dossier, since, at=at):
        raise KeyStillWorksError(
            _(
                "The password or the address of the account was changed since. Revoke "
                "every key of it first: then the next code makes the account anew."
            )
        )


def _has_key_since(dossier: Dossier, since: datetime, *, at: datetime) -> bool:
    keys = DigitalKey.objects.active(at).filter(activated_at__gte=since)
    return keys.filter(holder__applicant=dossier.applicant_id).exists()


def _is_account_changed_since(
    dossier: Dossier, since: datetime, *, at: datetime
) -> bool:
    """Whether an account with a key may have a stranger's password or mailbox.

    A link to somebody who has an account sets both, and an older key goes on working.
    """
    changes = HolderChange.objects.filter(
        what__in=(Change.PASSWORD, Change.OLD_EMAIL),
        at__gte=since,
        holder__applicant=dossier.applicant_id,
    )
    keys = DigitalKey.objects.active(at).filter(holder__applicant=dossier.applicant_id)
    return changes.exists() and keys.exists()
