"""Issuing a code at the counter: take or waive the fee, make the code, print it."""

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
from payments.exceptions import NoDrawerError, PriceChangedError
from payments.models import Payment
from payments.taking import taking, waiving
from payments.taking.taking import Paid, says_the_same


class AlreadyPaidError(CounterError):
    """The payment was already taken. The text says at which desk and when."""

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
    """The slip cannot be printed: there is no live code, or the visit is over.

    The clerk can still reissue the code (activation.codes.reissuing).
    """


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

    The transaction also has both moves of the dossier, the journal entries and the
    mails to send. The call is idempotent: the same `submission` with the same payment
    details returns the code that the first call made.

    `dossier` must have its office and applicant loaded. After an error, read its state
    from the database again.

    Raises AlreadyPaidError when another form was first, or when this form was already
    sent with other payment details; MoveRefusedError when the dossier was cancelled;
    DocumentNotSeenError when the dossier was recorded on another day and the clerk did
    not look at the identity document again; AddressDisputedError while the old mail
    address objects; AddressNotAgreedError when one clerk changed the address alone and
    that visit is over; and the errors of `take_payment`.
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
    """Issue the code without a fee, which a supervisor has waived.

    Otherwise like `pay_and_issue`, with the errors of `waive_fee` in place of those of
    `take_payment`.
    """
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
        lambda payment: waiving.says_the_same(payment, reason, category),
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
    """Take the payment and issue the code in one transaction, idempotently.

    `take` books the payment. When the form was sent before, return the code that it
    made then: `is_same` says whether a booked payment has the details of this form.
    """
    try:
        with transaction.atomic():
            take()
            if was_another_day(dossier, at=at):
                note_document(seen=document_seen, dossier=dossier, clerk=clerk)
            return _issue(dossier, clerk=clerk, at=at)
    except MoveRefusedError:
        return _paid_already(dossier, submission, is_same)
    except (NoDrawerError, PriceChangedError):
        # This form may have been booked already, and fail now because the drawer was
        # counted or the price changed since. Then answer as the first time.
        if not Payment.objects.filter(dossier=dossier).exists():
            raise
        return _paid_already(dossier, submission, is_same)
    except IntegrityError as error:
        if not is_unique_violation(error, Payment, ActivationCode):
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

    The caller must have ended the dossier's former code: a unique constraint raises
    IntegrityError while another code is live, locked or on hold. Raises
    AddressDisputedError while an objection of the old mail address is not settled.
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
    """Return the code that this form made when it was sent before.

    `is_same` says whether the booked payment has the details of this form. If it does
    not, the clerk went back and changed the form: that raises AlreadyPaidError, because
    the clerk would otherwise believe that the change is booked. Raises AlreadyPaidError
    too when another form was booked, and MoveRefusedError when no payment was.
    """
    # Without corrections of the method: they have a `submission` of their own.
    rows = Payment.objects.as_taken().select_related("taken_by", "receipt", "tariff")
    payment = rows.filter(dossier=dossier).first()
    if payment is None:
        raise MoveRefusedError(_("This dossier has moved on. Look at it again."))
    if payment.submission == submission and is_same(payment):
        return dossier.codes.earliest("issued_at")
    raise AlreadyPaidError(payment)


@sensitive_variables()
def open_slip(*, dossier: Dossier, clerk: Clerk, at: datetime) -> Slip:
    """Return the content of the slip, with the code, and write that to the journal.

    Raises SlipClosedError when the code is no longer live, or when the visit in which
    it was issued is over (`ActivationCodeQuerySet.printable`): nobody may print the
    code once the person has left.
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
