"""What happened to money, for those whom it concerns.

Sent inside the transaction that made it so; a receiver's error rolls it back.
"""

from django.dispatch import Signal

#: payment: Payment, by: Clerk, at: datetime. Confirmed by a second person.
payment_reversed = Signal()
