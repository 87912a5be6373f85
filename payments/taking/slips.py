"""The slip number of a card terminal can be used for one payment only.

A number that was typed before on the same terminal and day is most likely the slip of
the visit before. It stays used when its payment was given back, because the slip was
printed for that payment. Of two at the same moment the database refuses the second
(`payment_slip_once_a_day`); in an office without terminals the lock of its receipts'
counter does the same.
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

    Small letters, spaces, dashes and leading zeros make no difference. `but` is the
    payment that asks: it and the one it corrects are not counted. The slip of a refund
    on the terminal counts as well.
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
    if but is not None and but.late:
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
