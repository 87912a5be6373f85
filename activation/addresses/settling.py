"""Settling an objection of the old address when the address cannot be corrected.

As long as the address can be corrected, the correction settles the objection
(activation.codes.reissuing). When a key was activated, the code is on hold or the
dossier is closed, a supervisor only records the outcome.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from activation.addresses.changed_addresses import note_settled
from activation.addresses.same_visit import SupervisorNeededError
from activation.codes.reissuing import is_unused
from activation.enums import Change, CodeState, Settled
from activation.models import ActivationCode, AddressChange, DigitalKey, HolderChange
from counter.dossiers.document_seen import note_document
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.people.person import may_approve


class NothingToSettleError(CounterError):
    """There is no open objection, or correcting the address has to settle it."""


class MoneyUndecidedError(CounterError):
    """A code is on hold, and would work again if its payment is not given back."""


class KeyStillWorksError(CounterError):
    """An active key may belong to a stranger.

    It was activated after the change of the address, or the password or contact address
    of its account was set after that.
    """


def has_correctable_address(at: datetime) -> Q:
    """The dossiers whose address can be corrected, which would settle an objection."""
    code = ActivationCode.objects.filter(is_unused(at), dossier=OuterRef("pk"))
    return Q(state=DossierState.RECORDED) | Q(Exists(code))


def is_settled_by_address(dossier: Dossier, *, at: datetime) -> bool:
    correctable = Dossier.objects.filter(has_correctable_address(at), pk=dossier.pk)
    return correctable.exists()


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
    """Record in the journal what a supervisor found out about an objection.

    "The person asked for the change" needs the person present with a document. "Nobody
    asked" needs every key made since to be revoked, and no code on hold, which would
    work again for the disputed address. Raises NothingToSettleError,
    SupervisorNeededError, DocumentNotSeenError, MoneyUndecidedError,
    KeyStillWorksError, or OwnChangeError when she made the change or agreed to it.
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
    # A hold may have just ended, so check for unused codes too.
    if dossier.codes.filter(Q(state=CodeState.HELD) | is_unused(at)).exists():
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
    """Whether the person's account has an active key and was changed since.

    A stranger with the link and the code of a person with an account can set a new
    password and contact address, while that person's older keys stay active.
    """
    changes = HolderChange.objects.filter(
        act__in=(Change.PASSWORD, Change.OLD_EMAIL),
        at__gte=since,
        holder__applicant=dossier.applicant_id,
    )
    keys = DigitalKey.objects.active(at).filter(holder__applicant=dossier.applicant_id)
    return changes.exists() and keys.exists()
