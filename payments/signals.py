"""Signals about payments that are given back, for the apps above.

They are sent inside the transaction that books it; an error of a receiver rolls it
back.
"""

from django.dispatch import Signal

#: payment: Payment. Something about its reversal is about to be written: who keeps rows
#: that depend on the payment locks them now, before any row of the money is locked.
before_reversal = Signal()

#: payment: Payment, by: Clerk, at: datetime. It was asked to give it back.
reversal_asked = Signal()

#: payment: Payment, by: Clerk, at: datetime. Refused or withdrawn: the payment stands.
reversal_dropped = Signal()

#: payment: Payment, by: Clerk, at: datetime. A second person agreed to give it back.
payment_reversed = Signal()
