"""What the counter still does for a code that nobody used yet.

A second mail carries the same link. Another address or a lost sheet makes a new code
with a new link, and the old ones are dead (docs/security.md#activation-codes).
"""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
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

#: With the same end date each time (docs/domain.md#two-weeks-and-ten-years).
RESENDS_A_DAY: Final = 3
#: Codes that were printed and not used yet.
UNUSED: Final = (CodeState.LIVE, CodeState.LOCKED, CodeState.FROZEN)


class CodeMovedOnError(CounterError):
    """The code was used, replaced or has lapsed since the page was opened."""


class MailOnItsWayError(CounterError):
    """A mail waits to be sent; a second one would say the same."""

    def __init__(self) -> None:
        super().__init__(_("The mail is on its way. Wait until it has left."))


class EnoughMailsError(CounterError):
    """It was sent again three times today."""

    def __init__(self) -> None:
        super().__init__(
            _("It was sent again three times today. Check the address with the person.")
        )


@transaction.atomic
def resend_link(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Have the mail with the link sent again; its end date stays.

    Raises CodeMovedOnError without a usable code, MailOnItsWayError while a mail
    waits, EnoughMailsError after RESENDS_A_DAY on one day in Brussels.
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
    """Put the address right: before payment just that, afterwards with a new code.

    The old address is told, and after the visit a supervisor has to agree: otherwise
    one clerk alone could get both the link and the paper of somebody's code. Putting in
    the same address again settles an objection of the old one. The new code is good for
    a fortnight from `at`. `code_id` is the code that the clerk's page was about, None
    before payment; `accepted` as at recording. Raises CodeMovedOnError when that is no
    longer how the dossier stands, AddressTakenError when somebody else's open dossier
    has the address, DocumentNotSeenError when the clerk did not look at the document,
    SupervisorNeededError, OwnChangeError when the supervisor settles what she made or
    agreed to herself.
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
    for what in accepted:
        detail = {"what": what}
        journal.write(Event.MISMATCH_ACCEPTED, detail, dossier=dossier, clerk=clerk)


def _put_email(dossier: Dossier, email: str, *, is_before_payment: bool) -> None:
    """Write the new address.

    Raises CodeMovedOnError when a code was issued meanwhile.
    """
    rows = Dossier.objects.filter(pk=dossier.pk)
    if is_before_payment:
        rows = rows.filter(state=DossierState.RECORDED)
    if not rows.update(email=email):
        raise moved_on()
    dossier.email = email


def _lock(dossier: Dossier, code_id: uuid.UUID | None, at: datetime) -> str:
    """End the code if one is named, lock the dossier and return its present address.

    Behind the lock, so that of two corrections at once the second tells the address
    that the first one put in. The code is locked first, because writing a row that
    refers to the dossier locks the dossier too.
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
    """A new code and link for a dossier that was paid; nothing is charged.

    After the visit a supervisor has to agree, as with another address: a clerk who put
    their own mailbox into somebody's dossier would need only the paper.

    Good for a fortnight from `at`. Of two who press at once, or a form sent twice, one
    gets through; the other raises CodeMovedOnError and the new sheet stays good.
    Raises DocumentNotSeenError when the clerk did not look at the document,
    SupervisorNeededError.
    """
    end_code(dossier, code_id, at)  # locks the code, before what refers to the dossier
    note_document(seen=document_seen, dossier=dossier, clerk=clerk)
    require_supervisor(dossier, clerk=clerk, supervisor=supervisor, at=at)
    journal.write(
        Event.CODE_REISSUED, {"reason": reason.value}, dossier=dossier, clerk=clerk
    )
    return new_code(dossier, clerk=clerk, at=at)


def end_code(dossier: Dossier, code_id: uuid.UUID, at: datetime) -> None:
    """Replace the old code: from here on it and its link no longer work."""
    old = (
        ActivationCode.objects.select_for_update(of=("self",))
        .filter(pk=code_id, dossier=dossier, state__in=UNUSED, valid_until__gt=at)
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


def unused_code(dossier: Dossier, *, at: datetime) -> ActivationCode | None:
    """The code that can still be replaced: printed, not used, in its fortnight."""
    return dossier.codes.filter(state__in=UNUSED, valid_until__gt=at).first()
