"""Services of the counter for a code that is issued and not used yet.

Sending the mail again sends the same link. Correcting the mail address, or reissuing
after a lost sheet, makes a new code with a new link; the old code and link stop working
(docs/security.md#activation-codes).
"""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activation.addresses.changed_addresses import note_change
from activation.addresses.same_visit import require_supervisor
from activation.codes.issuing import new_code
from activation.codes.lock_code import lock_code_of
from activation.enums import CodeState, ReissueReason
from activation.models import ActivationCode
from activation.signals import before_link_again, codes_ended, link_asked_again
from counter.dossiers.document_seen import note_document
from counter.email import uniqueness
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry

#: How often the mail may be sent again in a day. The end date of the link stays the
#: same (docs/domain.md#two-weeks-and-ten-years).
RESENDS_A_DAY: Final = 3
#: The states of codes that can be replaced by a new one. A code on hold cannot.
UNUSED: Final = (CodeState.LIVE, CodeState.LOCKED, CodeState.FROZEN)


class CodeMovedOnError(CounterError):
    """The code was used, replaced or has lapsed since the page was opened."""


class MailOnItsWayError(CounterError):
    """The former mail still waits to be sent, so a second one is of no use."""

    def __init__(self) -> None:
        super().__init__(_("The mail is on its way. Wait until it has left."))


class EnoughMailsError(CounterError):
    """The mail was sent again RESENDS_A_DAY times today."""

    def __init__(self) -> None:
        super().__init__(
            _("It was sent again three times today. Check the address with the person.")
        )


@transaction.atomic
def resend_link(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Send the mail with the link again; the end date of the link stays the same.

    Raises CodeMovedOnError without a usable code, MailOnItsWayError while the former
    mail waits to be sent, and EnoughMailsError when the mail was sent again
    RESENDS_A_DAY times on this day in Brussels.
    """
    code = lock_code_of(dossier, at=at)
    if code is None:
        raise CodeMovedOnError(_("There is no code to send a link for."))
    before_link_again.send(sender=ActivationCode, dossier=dossier, at=at)
    sent = JournalEntry.objects.filter(dossier=dossier, event=Event.LINK_RESENT)
    nth = sent.count() + 1
    journal.write(Event.LINK_RESENT, dossier=dossier, clerk=clerk)
    link_asked_again.send(sender=ActivationCode, code=code, nth=nth, at=at)


def correct_email(  # noqa: PLR0913 (all named, all on the form)
    *,
    dossier: Dossier,
    clerk: Clerk,
    email: str,
    code_id: uuid.UUID | None,
    at: datetime,
    document_seen: bool,
    supervisor: Clerk | None = None,
    accepted: tuple[str, ...] = (),
) -> ActivationCode | None:
    """Correct the mail address of a dossier; after payment also make a new code.

    The old address is told by mail. After the visit a supervisor has to agree, or one
    clerk alone could get both the link and the paper of somebody's code. The same
    address again, with a supervisor, settles an objection of the old one. `code_id` is
    the code that the clerk's page showed, None before payment; `accepted` are the
    doubts that the clerk confirmed. Returns the new code, valid for two weeks.

    Raises CodeMovedOnError when the dossier or its code moved on; AddressTakenError;
    DocumentNotSeenError; SupervisorNeededError; AddressDisputedError; or OwnChangeError
    when the supervisor would settle a change that she made or agreed to herself.
    """
    with transaction.atomic():
        old_email = _lock(dossier, code_id, at)
        note_document(seen=document_seen, dossier=dossier, clerk=clerk)
        require_supervisor(dossier, clerk=clerk, supervisor=supervisor, at=at)
        uniqueness.claim(email, applicant=dossier.applicant)
        note_change(
            dossier=dossier,
            old_email=old_email,
            new_email=email,
            clerk=clerk,
            supervisor=supervisor,
            at=at,
        )
        _put_email(dossier, email, is_before_payment=code_id is None)
        code = new_code(dossier, clerk=clerk, at=at) if code_id else None
        _note_email(dossier, clerk, accepted)
        return code


def _note_email(dossier: Dossier, clerk: Clerk, accepted: tuple[str, ...]) -> None:
    journal.write(Event.EMAIL_CORRECTED, dossier=dossier, clerk=clerk)
    for doubt_kind in accepted:
        detail = {"doubt": doubt_kind}
        journal.write(Event.MISMATCH_ACCEPTED, detail, dossier=dossier, clerk=clerk)


def _put_email(dossier: Dossier, email: str, *, is_before_payment: bool) -> None:
    """Write the new address.

    Raises CodeMovedOnError when it is a change before payment and the dossier was paid
    or closed meanwhile.
    """
    rows = Dossier.objects.filter(pk=dossier.pk)
    if is_before_payment:
        rows = rows.filter(state=DossierState.RECORDED)
    if not rows.update(email=email):
        raise moved_on()
    dossier.email = email


def _lock(dossier: Dossier, code_id: uuid.UUID | None, at: datetime) -> str:
    """End the code `code_id` if given, lock the dossier, return its present address.

    The address is read after locking: of two concurrent corrections the second has to
    tell the address that the first one wrote. The code is locked before the dossier, as
    everywhere; inserting a row that refers to the dossier locks the dossier too.
    """
    if code_id is not None:
        end_code(dossier, code_id, at)
    rows = Dossier.objects.select_for_update(of=("self",)).filter(pk=dossier.pk)
    email: str = rows.values_list("email", flat=True).get()
    return email


@transaction.atomic
def reissue_code(
    *,
    dossier: Dossier,
    clerk: Clerk,
    reason: ReissueReason,
    code_id: uuid.UUID,
    at: datetime,
    document_seen: bool,
    supervisor: Clerk | None = None,
) -> ActivationCode:
    """Replace the code `code_id` of a paid dossier by a new code with a new link.

    Nothing is charged. The new code is valid for two weeks from `at`. After the visit a
    supervisor has to agree, as for a change of the address: a clerk who had put their
    own mail address into somebody's dossier would otherwise need only the new paper.

    Raises CodeMovedOnError when the code was used, replaced or has lapsed meanwhile: of
    two concurrent calls, or a form that is sent twice, the second raises it and the
    first one's new code stays valid. Raises DocumentNotSeenError when the clerk did not
    look at the identity document, SupervisorNeededError, or AddressDisputedError.
    """
    end_code(dossier, code_id, at)  # first, because it locks the code
    note_document(seen=document_seen, dossier=dossier, clerk=clerk)
    require_supervisor(dossier, clerk=clerk, supervisor=supervisor, at=at)
    journal.write(
        Event.CODE_REISSUED, {"reason": reason.value}, dossier=dossier, clerk=clerk
    )
    return new_code(dossier, clerk=clerk, at=at)


def why_not(dossier: Dossier) -> str:
    """Why nothing of a dossier without an unused code can be corrected now."""
    if dossier.codes.filter(state=CodeState.HELD).exists():
        words = _(
            "The code is on hold until it is decided whether the payment is given back."
        )
    else:
        words = _("This can no longer be corrected.")
    return str(words)


def end_code(dossier: Dossier, code_id: uuid.UUID, at: datetime) -> None:
    """Mark the code as replaced, so that it and its link no longer work.

    Raises CodeMovedOnError when it is not an unused code of this dossier any more.
    """
    old = (
        ActivationCode.objects.select_for_update(of=("self",))
        .filter(is_unused(at), pk=code_id, dossier=dossier)
        .filter(dossier__state=DossierState.CODE_ISSUED)
        .first()
    )
    if old is None:
        raise moved_on()
    old.state = CodeState.REPLACED
    old.replaced_at = at
    old.save(update_fields=["state", "replaced_at"])
    codes_ended.send(sender=ActivationCode, codes=[old])


def moved_on() -> CodeMovedOnError:
    return CodeMovedOnError(
        _("The code was used, replaced or has lapsed meanwhile. Look at it again.")
    )


def is_unused(at: datetime) -> Q:
    """The codes that can be replaced: not used, and their two weeks not over."""
    return Q(state__in=UNUSED, valid_until__gt=at)


def unused_code(dossier: Dossier, *, at: datetime) -> ActivationCode | None:
    """The dossier's code that can be replaced."""
    return dossier.codes.filter(is_unused(at)).first()
