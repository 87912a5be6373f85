"""The slip number of a card terminal can be used for one payment only.

When a number was already used on the same terminal and day, the clerk most likely typed
it from the slip of an earlier visit. A number stays used when its payment is given
back, because the slip was printed for that payment. A correction that gives the payment
another number, terminal or method frees it: the number was typed by mistake, and its
slip may belong to somebody else.

Of two acts at the same instant with one number, the second is refused: whoever uses a
number holds the lock on the office's receipt counter before looking whether it is used,
and until the commit (payments.receipts.numbers). A unique index cannot do this, because
a payment's row does not say that another row replaces it.
"""

from datetime import datetime

from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from counter.models import Clerk, Office
from payments.exceptions import SlipUsedError
from payments.models import Payment, Reversal, Terminal


def refuse_used_slip(
    *,
    office: Office,
    terminal: Terminal | None,
    slip: str,
    at: datetime,
    but: Payment | None = None,
) -> None:
    """Raise SlipUsedError when the number was used on the Brussels date of `at`.

    The caller holds the lock on the office's receipt counter (see above).

    Numbers that differ only in capitals, signs, spaces or leading zeros are the same.
    The number of a refund on the terminal is used too. `but` is the payment that has
    the number now: payments of its dossier do not make the number used, so that a
    correction can keep the number of the payment that it corrects.
    """
    on = localdate(at)
    refunds = Reversal.objects.of_office(office).with_slip(slip, on=on)
    refund = (
        refunds.filter(payment__terminal=terminal)
        .select_related("settled_by", "payment__receipt")
        .first()
    )
    if refund is not None and refund.settled_at is not None:
        raise _used(refund.settled_at, refund.settled_by, refund.payment)
    cards = Payment.objects.of_office(office).filter(terminal=terminal)
    looked_at = [cards.with_slip(slip, on=on)]
    if but is None or but.late:
        looked_at.append(cards.late_with_slip(slip, on=on))
    for used in looked_at:
        others = used.exclude(dossier=but.dossier_id) if but else used
        first = others.select_related("taken_by", "receipt").first()
        if first is not None:
            raise _used(first.taken_at, first.taken_by, first)


def _used(at: datetime, who: Clerk | None, payment: Payment) -> SlipUsedError:
    today = _(
        "This number was used today at %(time)s by %(who)s, for receipt %(receipt)s. "
        "Look at the ticket again."
    )
    another_day = _(
        "This number was used on %(date)s at %(time)s by %(who)s, for receipt "
        "%(receipt)s. Look at the ticket again."
    )
    sentence = today if localdate(at) == localdate() else another_day
    return SlipUsedError(
        sentence
        % {
            "date": date_format(localtime(at), "DATE_FORMAT"),
            "time": time_format(localtime(at)),
            "who": who,
            "receipt": payment.receipt.label,
        }
    )
