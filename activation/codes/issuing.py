"""At the counter: the fee, the code and the paper it is printed on."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.addresses.changed_addresses import refuse_while_disputed
from activation.addresses.same_visit import refuse_not_agreed
from activation.codes.activation_code import code_text
from activation.codes.slip_paper import Slip
from activation.codes.validity import link_end
from activation.enums import KeyKind
from activation.holder.own_keys import kinds_of
from activation.letters.masking import mask_email
from activation.letters.wording import office_contact
from activation.models import ActivationCode
from activation.signals import code_issued
from counter.dossiers.document_seen import note_document, was_another_day
from counter.dossiers.moves import move
from counter.enums import DossierState
from counter.exceptions import CounterError, MoveRefusedError, is_unique_violation
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from payments.enums import WaiverReason
from payments.exceptions import NoDrawerError, PriceChangedError, SlipUsedError
from payments.models import Payment
from payments.taking import taking, waiving
from payments.taking.taking import Paid, says_the_same


class AlreadyPaidError(CounterError):
    """The payment was taken meanwhile; the sentence says who did and when."""

    def __init__(self, payment: Payment) -> None:
        taken_at = timezone.localtime(payment.taken_at)
        today = _("%(where)s took the payment at %(time)s. Do not take it again.")
        another_day = _(
            "%(where)s took the payment on %(date)s at %(time)s. Do not take it again."
        )
        words = {
            "where": payment.receipt.desk or payment.taken_by,
            "date": date_format(taken_at, "DATE_FORMAT"),
            "time": time_format(taken_at),
        }
        is_today = taken_at.date() == timezone.localdate()
        super().__init__((today if is_today else another_day) % words)


class SlipClosedError(CounterError):
    """No live code, or the visit is over: only a reissue gives a code again."""


def pay_and_issue(
    *,
    dossier: Dossier,
    clerk: Clerk,
    submission: uuid.UUID,
    at: datetime,
    document_seen: bool = False,
    **paid: Unpack[Paid],
) -> ActivationCode:
    """Take the fee and issue the code with its link, in one transaction.

    Payment, code, both moves, the journal and what has to be sent stand or fall
    together. The same `submission` again gives the code it made. Raises
    AlreadyPaidError when another form was first, or this one with another payment on
    it, MoveRefusedError when the dossier
    was cancelled or redirected, DocumentNotSeenError when it was recorded on another
    day and nobody looked at the document again, AddressNotAgreedError when a clerk
    changed the address alone in a visit that is over, and what `take_payment` refuses.
    `dossier` comes with its office and applicant loaded; after a refusal its state is
    to be read anew.
    """
    return _once(
        dossier,
        clerk,
        submission,
        at,
        lambda: taking.take_payment(
            dossier=dossier, clerk=clerk, submission=submission, at=at, **paid
        ),
        lambda payment: says_the_same(payment, paid),
        document_seen=document_seen,
    )


def waive_and_issue(  # noqa: PLR0913 (all named, all on the form)
    *,
    dossier: Dossier,
    clerk: Clerk,
    supervisor: Clerk,
    reason: WaiverReason,
    submission: uuid.UUID,
    at: datetime,
    category: str | None = None,
    document_seen: bool = False,
) -> ActivationCode:
    """Issue the code without a fee, as a supervisor decided; otherwise like paying."""
    return _once(
        dossier,
        clerk,
        submission,
        at,
        lambda: waiving.waive_fee(
            dossier=dossier,
            clerk=clerk,
            supervisor=supervisor,
            reason=reason,
            submission=submission,
            at=at,
            category=category,
        ),
        lambda payment: payment.waiver_reason == reason,
        document_seen=document_seen,
    )


def _once(
    dossier: Dossier,
    clerk: Clerk,
    submission: uuid.UUID,
    at: datetime,
    take: Callable[[], Payment],
    is_same: Callable[[Payment], bool],
    *,
    document_seen: bool,
) -> ActivationCode:
    """Money and code together or neither; a form sent again gets its first answer."""
    try:
        with transaction.atomic():
            take()
            if was_another_day(dossier, at=at):
                note_document(seen=document_seen, dossier=dossier, clerk=clerk)
            return _issue(dossier, clerk=clerk, at=at)
    except MoveRefusedError:
        return _paid_already(dossier, submission, is_same)
    except (NoDrawerError, PriceChangedError, SlipUsedError):
        # Perhaps this same form was paid already, before the drawer was counted or the
        # price changed, or it is the one that used the ticket: then answer as the first
        # time instead of asking for something else.
        if not Payment.objects.filter(dossier=dossier).exists():
            raise
        return _paid_already(dossier, submission, is_same)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        return _paid_already(dossier, submission, is_same)


def _issue(dossier: Dossier, *, clerk: Clerk, at: datetime) -> ActivationCode:
    move(
        dossier,
        to=DossierState.CODE_ISSUED,
        at=at,
        by=clerk,
        event=Event.CODE_ISSUED,
    )
    refuse_not_agreed(dossier, clerk=clerk, at=at)
    return _make_code(dossier, clerk=clerk, at=at)


def new_code(dossier: Dossier, *, clerk: Clerk, at: datetime) -> ActivationCode:
    """Make a live code with its link and its mail, in the caller's transaction.

    Fails on the database's constraint while another code is live. Raises
    AddressDisputedError while the old address objects.
    """
    refuse_while_disputed(dossier)
    return _make_code(dossier, clerk=clerk, at=at)


def _make_code(dossier: Dossier, *, clerk: Clerk, at: datetime) -> ActivationCode:
    code = ActivationCode.objects.create(
        dossier=dossier, issued_by=clerk, issued_at=at, valid_until=link_end(at)
    )
    code_issued.send(sender=ActivationCode, code=code)
    return code


def _paid_already(
    dossier: Dossier, submission: uuid.UUID, is_same: Callable[[Payment], bool]
) -> ActivationCode:
    """Return the code that this same form made; otherwise raise what happened first.

    A form that was corrected after going back to it is another one, or the clerk would
    believe that the correction is booked. AlreadyPaidError names who took the payment;
    MoveRefusedError when nobody did.
    """
    # The one that this form can have made: a correction since has another id.
    rows = Payment.objects.as_taken().select_related("taken_by", "receipt", "tariff")
    payment = rows.filter(dossier=dossier).first()
    if payment is None:
        raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
    if payment.submission == submission and is_same(payment):
        return dossier.codes.earliest("issued_at")
    raise AlreadyPaidError(payment)


@sensitive_variables()
def open_slip(*, dossier: Dossier, clerk: Clerk, at: datetime) -> Slip:
    """What is printed, code included, while the person stands at the counter.

    Each opening is in the journal. Raises SlipClosedError when the visit is over
    (`ActivationCodeQuerySet.printable`) or the code no longer live.
    """
    code = dossier.codes.printable(at).first()
    if code is None:
        raise SlipClosedError(
            _("This slip can no longer be printed. A new code has to be issued.")
        )
    journal.write(Event.SLIP_PRINTED, dossier=dossier, clerk=clerk)
    return Slip(
        code=code_text(code),
        masked_email=mask_email(dossier.email),
        last_day=code.last_day,
        language=dossier.language,
        applicant_name=dossier.name,
        office=office_contact(dossier.office),
        issued_on=timezone.localdate(code.issued_at),
        reference=dossier.reference,
        has_every_kind=len(kinds_of(dossier.office)) == len(KeyKind),
    )
